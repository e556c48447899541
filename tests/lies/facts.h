// What an account says in numbers: how far a lie is from the truth, and the sums that thresholds
// are about, added up from docs/rules.md alone.
#pragma once

#include <map>
#include <string>

#include "tests/lies/account.h"

namespace carnet::test::lies {

struct Sums {
  Uint128 total = 0;   // along every edge that carries weights, with non-public synthetic data
  Uint128 update = 0;  // of the segments that the weights went through
};
Sums SumsOf(const Account& account);

// "tokens", "device time", "bytes of synthetic data", …
std::map<std::string, double> FactsOf(const Account& account);

// The fact that differs most, and by how much of the greater value.
struct Effect {
  std::string fact;
  double share = 0;
};
Effect EffectOf(const Account& truth, const Account& lie);

}  // namespace carnet::test::lies
