// An account as a world: every statement that the model given rests on, drafted and in order, to
// be signed and logged by whom it belongs to.
#pragma once

#include "tests/lies/account.h"
#include "tests/support/world.h"

namespace carnet::test::lies {

World Tell(const Account& account);

}  // namespace carnet::test::lies
