// The two bounds of a sum of FLOP (R37): what is stated bounds it from below, device time from
// above. Between the two the stated sum is believed as far as the devices were busy with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "statements/sum.h"
#include "verifier/compute/upper_bound.h"

namespace carnet::verifier::compute {

// Work that a rollback left behind: segments that no later weights come from. A sum of `update`
// along the weights_from path does not contain it.
enum class OffPath {
  kReport,
  kCount,  // in sums of `update` too
};

// How a policy counts, and how busy it expects devices to be.
struct Counting {
  statements::SumRule rule;
  OffPath off_path = OffPath::kReport;
  uint64_t min_utilisation_ppm = 0;  // stated work, of the dense peak in the device time
};

struct LeftBehind {
  size_t segments = 0;
  std::optional<statements::FlopSum> update = {};  // absent: beyond 128 bits
};

struct Bounds {
  std::optional<statements::FlopSum> stated = {};  // absent: beyond 128 bits
  UpperBound upper = {};                           // unknown where `stated` is a lower bound
  LeftBehind left_behind = {};                     // along the same edges

  // Stated work of segments and the most that their device time allows, without data's generation.
  Flop work{0};
  Flop capacity{0};

  // What is claimed; what tokens and parameters require is no more (R35).
  Flop lower() const { return stated ? stated->amount : Flop(~Uint128{0}); }
  bool IsLowerBound() const { return !stated || stated->lower_bound; }
  // Whether the share of the devices' peak is at least this. Requires a known upper bound.
  bool IsBusy(uint64_t min_utilisation_ppm) const;
  // What is stated, and all that idle runs may hide. Absent: beyond 128 bits.
  std::optional<Flop> WithIdle() const;
};

// Requires the closure of `root`, a passport (R19, R20). Linear in what the sum reaches.
Bounds BoundsOf(const StatementSet& set, const Statement& root, const Counting& counting,
                const TimeBound& time);

// "4.1e11 stated; at most 6.3e12 by the device time, counter-signed by cloud; 6.5 % of it (policy:
// at least 5 %)".
std::string BoundsText(const Bounds& bounds, uint64_t min_utilisation_ppm);

}  // namespace carnet::verifier::compute
