// R33, the second half: no segment computes more than its devices can.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "statements/follow.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;
using schemas::Kind;
using schemas::Precision;
using schemas::ReaderOf;

constexpr unsigned kMsPlaces = 3;

// Those of the segment and of its figure.
std::vector<Precision> ClaimedPrecisions(wire::Segment::Reader segment,
                                         wire::FlopStatement::Reader figure) {
  std::vector<Precision> precisions;
  precisions.reserve(1 + segment.getPrecision().size());
  precisions.push_back(schemas::PrecisionOf(figure.getPrecision()));
  for (const auto precision : segment.getPrecision()) {
    precisions.push_back(schemas::PrecisionOf(precision));
  }
  return precisions;
}

// "118 times", below ten times with a decimal.
std::string Times(Flop amount, Flop ceiling) {
  const auto tenths = MulDiv(amount.value(), 10, ceiling.value());
  if (!tenths) return "far more than 10^30 times";
  const std::string whole = Flop(*tenths / 10).ToString();
  return (*tenths >= 100 ? whole : whole + "." + Flop(*tenths % 10).ToString()) + " times";
}

class PhysicsCheck {
 public:
  PhysicsCheck(const StatementSet& set, const Catalogue& catalogue, PhysicsNotes notes,
               Findings& findings)
      : set_(set), catalogue_(catalogue), notes_(notes), findings_(findings) {}

  void Check(const Statement& line) {
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    auto figure = TotalOf(segment);
    if (!figure) figure = UpdateOf(segment);  // which is at most the total
    if (!figure) return;
    const auto precisions = ClaimedPrecisions(segment, *figure);
    const Ceiling ceiling = CeilingOf(set_, line, catalogue_, precisions);
    switch (ceiling.state) {
      case CeilingState::kUnknownChip:
        return notes_.undisclosed.Add(Describe(line) + ": " +
                                      UnlistedChip(UnlistedIn(line, precisions)));
      case CeilingState::kOverflow:
        return AddOverflow(line, {33, RejectReason::kFlopOverflow}, "usage", findings_);
      case CeilingState::kKnown:
        break;
    }
    NoteDeclared(line);
    const Flop amount = FlopOf(figure->getAmount());
    if (amount > ceiling.amount) Report(line, amount, ceiling.amount, precisions);
    AddUtilisation(line, amount, AtPrecisionOf(*figure, line, precisions, ceiling));
  }

  std::optional<Utilisation> utilisation() const {
    return overflow_ ? std::nullopt : std::optional(utilisation_);
  }

 private:
  // Once for each segment: the first such device.
  void NoteDeclared(const Statement& line) {
    for (const UsageItem& item : line.segment.value().usage) {
      const Statement* device = Follow(set_, item.device, Kind::kDevice);
      if (device == nullptr || !IsDeclaredAlone(*device, catalogue_)) continue;
      return notes_.declared.Add(Describe(line) + ": " + DeclaredChip(*device));
    }
  }

  // Requires that the segment's ceiling is unknown for one.
  const Statement& UnlistedIn(const Statement& line,
                              const std::vector<Precision>& precisions) const {
    for (const UsageItem& item : line.segment.value().usage) {
      const Statement* device = Follow(set_, item.device, Kind::kDevice);
      if (device == nullptr) continue;
      if (PeakOf(*device, catalogue_, precisions).state == CeilingState::kUnknownChip) {
        return *device;
      }
    }
    CARNET_CHECK(false);
  }

  // `ceiling`, of all `precisions` that the segment claims, is most often of one.
  Ceiling AtPrecisionOf(wire::FlopStatement::Reader figure, const Statement& line,
                        const std::vector<Precision>& precisions, const Ceiling& ceiling) const {
    const Precision own = schemas::PrecisionOf(figure.getPrecision());
    const bool same = std::all_of(precisions.begin(), precisions.end(),
                                  [own](Precision each) { return each == own; });
    return same ? ceiling : CeilingOf(set_, line, catalogue_, {&own, 1});
  }

  void AddUtilisation(const Statement& line, Flop amount, const Ceiling& ceiling) {
    const auto sum = CheckedAdd(utilisation_.amount, amount);
    const auto ceilings = CheckedAdd(utilisation_.ceiling, ceiling.amount);
    overflow_ = overflow_ || !sum || !ceilings || ceiling.state != CeilingState::kKnown;
    if (overflow_) return;
    utilisation_.amount = *sum;
    utilisation_.ceiling = *ceilings;
    for (const UsageItem& item : line.segment.value().usage) {
      const Statement* device = Follow(set_, item.device, Kind::kDevice);
      if (first_device_ == nullptr) first_device_ = device;
      const bool one_unit = item.units == 1;
      if (device != first_device_ || !one_unit) utilisation_.one_device = false;
    }
  }

  // "41 s on 1 x Xeon (peak 1.9e11 FLOP/s)"
  std::string Where(const Statement& line, const std::vector<Precision>& precisions,
                    std::string& arithmetic) const {
    const statements::SegmentFields& segment = line.segment.value();
    const std::vector<UsageItem>& usage = segment.usage;
    const Statement* device =
        usage.size() == 1 ? Follow(set_, usage[0].device, Kind::kDevice) : nullptr;
    if (device == nullptr) {
      const uint64_t from = segment.from.value();
      const uint64_t to = segment.to.value();
      return fmt::format(
          "{} s on {}", ScaledText(to > from ? to - from : 0, kMsPlaces),
          usage.empty() ? "no device" : fmt::format("the devices of {} usage items", usage.size()));
    }
    arithmetic = PeakArithmetic(*device, precisions);
    return fmt::format("{} s on {} x {} (peak {} FLOP/s)", ScaledText(usage[0].ms, kMsPlaces),
                       usage[0].units, ChipName(*device),
                       PeakOf(*device, catalogue_, precisions).amount.ToScientific());
  }

  void Report(const Statement& line, Flop amount, Flop ceiling,
              const std::vector<Precision>& precisions) {
    std::string arithmetic;
    const std::string where = Where(line, precisions, arithmetic);
    const std::string many = line.segment.value().usage.size() == 1 ? "device" : "devices";
    findings_.Add(FindingAbout(
        line, {33, RejectReason::kBeyondPhysics},
        fmt::format("claims {} FLOP in {}: {}", amount.ToScientific(), where,
                    ceiling == Flop(0)
                        ? fmt::format("the {} can do none", many)
                        : fmt::format("{} what the {} can do", Times(amount, ceiling), many)),
        "check the token count or the device list" +
            (arithmetic.empty() ? "" : "; the peak is " + arithmetic)));
  }

  const StatementSet& set_;
  const Catalogue& catalogue_;
  PhysicsNotes notes_;
  Findings& findings_;
  Utilisation utilisation_;
  const Statement* first_device_ = nullptr;
  bool overflow_ = false;
};

}  // namespace

std::optional<Utilisation> CheckPhysics(const StatementSet& set, Lines lines,
                                        const Catalogue& catalogue, PhysicsNotes notes,
                                        Findings& findings) {
  PhysicsCheck check(set, catalogue, notes, findings);
  for (const Statement& line : lines) {
    if (line.kind() == Kind::kSegment) check.Check(line);
  }
  return check.utilisation();
}

}  // namespace carnet::verifier::compute
