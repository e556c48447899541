// The single rules behind verify.h, one function per rule or part of one, and what they leave
// open. Private to compute/, for its .cc files: the generated headers are large.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"
#include "schemas/readers.h"
#include "statements/stated_flop.h"
#include "statements/sum.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/chips.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/verdict.h"

namespace carnet::verifier::compute {

class ModelSizes;
class ParentTensors;
class SoldTime;
class TimeBound;
class WeightFiles;

// The first case in words, and how many there are.
class Cases {
 public:
  void Add(std::string what) {
    if (count_++ == 0) first_ = std::move(what);
  }
  size_t count() const { return count_; }
  std::string Summary() const;  // "segment 3 (sha256:…) does not state tokens and 2 more"

 private:
  size_t count_ = 0;
  std::string first_;
};
// What could not be judged for want of disclosure.
using Undisclosed = Cases;
// What is stated, and held against nothing in hand: every sum is then a lower bound (R37).
using Unheld = Cases;

// Those with `lines` judge these members of the set alone.

// R30, R31, and update <= total in a segment (S9).
void CheckFigures(Lines lines, Undisclosed& undisclosed, Findings& findings);

// R31: the peaks of hardware methods are those of the devices used.
void CheckStatedPeaks(const StatementSet& set, Lines lines, const Catalogue& catalogue,
                      Findings& findings);

// Those that a passport sums its cumulative compute along.
std::set<schemas::EdgeType> CumulativeEdgesOf(const Statement& passport);
// R32 for completions.
void CheckCompletionTotals(const StatementSet& set, Findings& findings);

struct PassportTotals {
  std::optional<FlopSum> parameter_update;  // of the root; absent: overflow
  std::optional<FlopSum> cumulative;
  std::optional<FlopSum> highest_parameter_update;  // by the higher of each figure's methods
  std::optional<FlopSum> highest_cumulative;
  size_t not_recomputed = 0;  // enclosed passports beyond the limit on work
};
// R32 for passports, R36, R37.
PassportTotals CheckPassportTotals(const StatementSet& set, const Statement& root,
                                   Undisclosed& undisclosed, Findings& findings);

// R33: a device declares peaks only for a chip that the catalogue does not have under any name.
void CheckDeclaredPeaks(Lines lines, const Catalogue& catalogue, Findings& findings);

// R33, device time: units and ms of each usage item, windows, one segment, all segments at once.
void CheckDeviceTime(const StatementSet& set, Lines lines, Findings& findings);
// R33, S7: no device in two groups that are in use at one moment, in one segment or in several.
void CheckGroupOverlap(const StatementSet& set, Findings& findings);

// R33: no more time of an allocation is used and resold than it sells.
void CheckSoldTime(const SoldTime& sold, Findings& findings);

struct Utilisation {
  Flop amount{0};  // of the segments whose ceiling is known
  Flop ceiling{0};
  bool one_device = true;
};
struct PhysicsNotes {
  Undisclosed& undisclosed;
  Cases& declared;  // segments whose ceiling rests on peaks that a device's signer declares
};
// R33, physics. `utilisation` is at the precision of the figures; absent on overflow.
std::optional<Utilisation> CheckPhysics(const StatementSet& set, Lines lines,
                                        const Catalogue& catalogue, PhysicsNotes notes,
                                        Findings& findings);

struct Agreement {
  size_t figures = 0;
  size_t attested = 0;  // with methods of two independent bases
  size_t unlisted = 0;  // with a hardware method whose peak cannot be looked up
  std::string bases;    // of the first attested: "architecture and hardware by mfu"
  std::string widest;   // "9 %", the greatest difference, rounded up
};
// R34.
Agreement CheckAgreement(const StatementSet& set, Lines lines, const Catalogue& catalogue,
                         Findings& findings);

struct FloorNotes {
  Undisclosed& undisclosed;
  Unheld& unheld;
  Cases& unchanged;  // frozen, as the parent's tensors show
};
// R35: the floor of each segment.
void CheckFloor(const StatementSet& set, const ModelSizes& sizes, const WeightFiles& files,
                const ParentTensors& parents, FloorNotes notes, Findings& findings);
// R35: the sizes of models and of their parents belong together.
void CheckEdgeSizes(const StatementSet& set, const ModelSizes& sizes, Unheld& unheld,
                    Findings& findings);
// R35: runs of several lanes without a completion, which would show them all, and those of which
// the sums that the row shows hold a part.
void CheckOpenRuns(const StatementSet& set, const Statement& root, const statements::SumRule& asked,
                   TimeBound& time, Unheld& unheld);
// R35: conversions of which nothing in hand shows that they convert, and runs of other kinds that
// state no work. What they may have trained, no device time in the file bounds.
void CheckConversions(const StatementSet& set, const ModelSizes& sizes, const WeightFiles& files,
                      TimeBound& time, Unheld& unheld);
// R35: what the root states of its model, compared with the weight files; passports repeat the
// parameters of their completions.
void CheckParameters(const StatementSet& set, const Statement& root, const ModelSizes& sizes,
                     const WeightFiles& files, Unheld& unheld, Findings& findings);

// A finding that the arithmetic of a field overflows.
void AddOverflow(const Statement& line, Refusal refusal, std::string_view field,
                 Findings& findings);

// The FLOP figures that statements state, as their readers.

using statements::Stated;
using statements::TotalOf;
using statements::UpdateOf;
using statements::UsageItem;

struct StatedFigure {
  std::string field;  // "flop.update", "sources[2].generation_flop"
  wire::FlopStatement::Reader statement;
};

// Of a segment (update before total) or dataset; none for any other line.
std::vector<StatedFigure> StatedFiguresOf(const Statement& line);

// FLOP per token and parameter (S9). Requires a treatment that is set.
uint64_t CoefficientOf(wire::Treatment treatment);
std::vector<ParameterClass> ClassesOf(wire::FlopCalculation::Reader calculation);
// The architecture method of a figure, which has at most one (R30).
std::optional<wire::FlopCalculation::Reader> ArchitectureOf(wire::FlopStatement::Reader statement);

std::string_view MethodName(wire::FlopMethod method);  // "hardware", …

// The most that the devices of a segment can do (R33): accelerators from the chip catalogue by
// variant, a CPU from what its statement says about it.

enum class CeilingState {
  kKnown,
  kUnknownChip,  // undisclosed, or not in the catalogue, or without this peak there
  kOverflow,     // of 128 bits
};

struct Ceiling {
  CeilingState state;
  Flop amount;  // 0 unless known
};

// FLOP/s of one unit of a device statement, at the highest of these precisions. As declared where
// the catalogue does not have the chip.
Ceiling PeakOf(const Statement& device, const Catalogue& catalogue,
               std::span<const schemas::Precision> precisions);
// The same without what is declared: whoever declares less would seem to have had less time.
Ceiling CataloguedPeakOf(const Statement& device, const Catalogue& catalogue,
                         std::span<const schemas::Precision> precisions);

// Of a device that declares peaks of a chip that is not in the catalogue. Each requires a device.
bool IsDeclaredAlone(const Statement& device, const Catalogue& catalogue);
std::optional<Flop> DeclaredPeak(const Statement& device, schemas::Precision precision);
std::optional<Flop> HighestDeclaredPeak(const Statement& device,
                                        std::span<const schemas::Precision> precisions);
std::string DeclaredChip(const Statement& device);  // in words, with the source that it states

// The same at this precision and no other: absent where the catalogue has no figure, or a CPU may
// have computed in tiles.
std::optional<Flop> ListedPeak(const Statement& device, const Catalogue& catalogue,
                               schemas::Precision precision);
// floor(sum of units * ms * peak / 1000) over the usage of a segment, in FLOP. An item whose device
// is not enclosed adds nothing (R19 reports it).
Ceiling CeilingOf(const StatementSet& set, const Statement& segment, const Catalogue& catalogue,
                  std::span<const schemas::Precision> precisions);

// "h100-sxm5", or a CPU's model; quoted, as it can be any text.
std::string ChipName(const Statement& device);
// Why it has no peak: "device 3 (sha256:…) has chip "h100", which is not in the catalogue".
std::string UnlistedChip(const Statement& device);
// Of a CPU, the arithmetic of its peak; empty for an accelerator.
std::string PeakArithmetic(const Statement& device, std::span<const schemas::Precision> precisions);

}  // namespace carnet::verifier::compute
