// The gate's verdict as the public value.
#pragma once

#include <carnet/verify.h>

#include "verifier/verdict.h"

namespace carnet::api {

Verdict VerdictOf(const verifier::Verdict& verdict);

}  // namespace carnet::api
