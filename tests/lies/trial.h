// One random world, told truly and then with lies, each judged by the whole gate.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/lies/lie.h"
#include "tests/lies/notice.h"

namespace carnet::test::lies {

inline constexpr double kLeastEffect = 0.3;

struct ToldLie {
  const Lie& lie;
  std::string effect;  // "total by 62 %"
  Noticed noticed;
  int rule = 0;  // of a refusal
  std::string reason = {};
};

struct Trial {
  uint64_t seed;
  std::string world;       // in words
  std::string wrong = {};  // of the truth itself: a defect of the generator, or of the gate
  std::vector<ToldLie> told = {};
};

// The first `most` of those lies that have an effect in this world.
Trial Try(uint64_t seed, const std::vector<const Lie*>& lies, size_t most);

}  // namespace carnet::test::lies
