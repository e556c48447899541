// What device time allows at most (R33, R37): the time that segments used, and what their
// allocations sold beyond it, at the highest dense peak of the chips. A bound on work that was
// hidden from the figures, as far as the device time itself is not hidden.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/flop.h"
#include "statements/reach.h"
#include "statements/sum.h"
#include "verifier/compute/chips.h"
#include "verifier/compute/sold_time.h"
#include "verifier/signing_party.h"

namespace carnet::verifier::compute {

// How busy devices are expected to be, and with which figure.
struct ExpectedShare {
  statements::SummedFigure figure;
  uint64_t min_utilisation_ppm;  // of the dense peak in the device time
};

struct UpperBound {
  std::optional<Flop> amount;  // absent: unknown
  std::string unknown_because;
  // The part of `amount` whose time other parties than the run's sold, stating how much.
  Flop counter_signed{0};
  std::set<std::string> counter_signers;
  // The part whose time others sold, on chips that only the run's own party names.
  Flop own_chips{0};
  // What could have been done besides in runs that were less busy than expected, with the time that
  // their allocations sold and nothing explains: busy runs do not vouch for idle ones. Absent:
  // beyond 128 bits.
  std::optional<Flop> idle = Flop(0);
};

// All must outlive it. Const methods are thread safe.
class TimeBound {
 public:
  TimeBound(const StatementSet& set, const Catalogue& catalogue, SigningParty party);

  // Over the usage of these segments, and over every allocation that they or the runs name,
  // together with those that the run's own party resold to itself, up and down. What other segments
  // use of these explains sold time where they are as busy as expected. Linear in what is reached
  // and in the devices, uses and resales of those allocations.
  UpperBound Of(const statements::Reached& reached, const ExpectedShare& expected) const;
  // What the devices could have done in the time that the segment used. Absent: unknown.
  std::optional<Flop> Used(const Statement& segment) const;
  const SoldTime& sold() const { return sold_; }

  // From now on no sum is bounded: a run that states no device time may have trained (R35).
  void Lift(std::string why) { lifted_because_ = std::move(why); }

 private:
  friend class TimeSum;

  std::optional<Flop> WorkIn(const Statement& segment) const;
  bool IsBusy(const Statement& segment, uint64_t min_utilisation_ppm) const;

  const StatementSet& set_;
  SigningParty party_;
  SoldTime sold_;
  std::string lifted_because_;
  // FLOP/s of one unit at the precision with the highest; absent: unknown chip, or beyond 128 bits.
  std::unordered_map<const Statement*, std::optional<Flop>> peaks_;
  std::unordered_map<const Statement*, Flop> used_;  // by segment, where it is known
};

}  // namespace carnet::verifier::compute
