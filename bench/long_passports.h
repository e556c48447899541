// Passports of any length for benchmarks, and the hub that judges them.
#pragma once

#include <optional>
#include <string>

#include "artifact/model_files.h"
#include "tests/support/honest_runs.h"
#include "tests/support/world.h"
#include "trust/trust.h"
#include "verifier/gate.h"
#include "verifier/policy/policy.h"

namespace carnet::bench {

inline constexpr double kMilli = 1e3;

// Each model fine-tuned from the one before, all with one data set: four lines each.
test::World Chain(size_t lines);
// One model, one run, as many segments.
test::World OneRun(size_t lines);

// The first occurrence, which must exist.
void Replace(std::string& text, const std::string& from, const std::string& to);

struct Hub {
  explicit Hub(const test::World& world);

  // Prints the time, and the memory besides the passport itself.
  void Time(const std::string& name, const std::string& passport, unsigned threads,
            verifier::Decision expected, std::optional<double> limit_s = {}) const;

  trust::Trust trust;
  verifier::policy::Policy policy;
  artifact::ModelFiles model;
  TimestampMs now;
};

}  // namespace carnet::bench
