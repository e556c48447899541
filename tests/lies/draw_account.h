// Random honest accounts: one seed, one world.
#pragma once

#include "tests/lies/account.h"
#include "tests/lies/dice.h"

namespace carnet::test::lies {

// Of everything that a passport may hold honestly: kinds of runs, parents of the lab's own and of
// another, lanes, rollbacks, fleets, leases and resales, methods of counting, experts, tables, and
// data made by models.
Account DrawAccount(Dice& dice);

}  // namespace carnet::test::lies
