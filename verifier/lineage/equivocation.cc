// R21: nobody says two things about one slot.
#include <fmt/core.h>

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/utf8.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

void Report(const Statement& line, const std::string& what, const Statement& first,
            Findings& findings) {
  findings.Add(FindingAbout(line, {21, RejectReason::kEquivocation},
                            fmt::format("{}, as does {}", what, Describe(first))));
}

void CheckSegments(const StatementSet& set, Findings& findings) {
  std::map<std::tuple<const Statement*, uint64_t, uint64_t>, const Statement*> claimed;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    const Statement* run = RunOf(set, line);
    const auto first = claimed.emplace(std::tuple(run, LaneOf(line), SeqOf(line)), &line).first;
    if (first->second != &line) {
      Report(line,
             fmt::format("claims lane {}, seq {} of {}", LaneOf(line), SeqOf(line), Describe(*run)),
             *first->second, findings);
    }
  }
}

void CheckRunsCompletedOnce(const StatementSet& set, Findings& findings) {
  std::unordered_map<const Statement*, const Statement*> completed;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kCompletion) continue;
    const Statement* run = RunOf(set, line);
    const auto first = completed.emplace(run, &line).first;
    if (first->second != &line) {
      Report(line, "completes " + Describe(*run), *first->second, findings);
    }
  }
}

// The nonce makes the subject of a run or an allocation (S3), for which commitments are opened
// (S8).
void CheckNonces(const StatementSet& set, Findings& findings) {
  std::map<std::pair<Kind, std::string>, const Statement*> taken;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kRun && line.kind() != Kind::kAllocation) continue;
    std::string nonce = line.predicate.head()->nonce;
    const auto first = taken.try_emplace({line.kind(), std::move(nonce)}, &line).first;
    if (first->second != &line) {
      Report(line, "has the nonce, and so the id, of another", *first->second, findings);
    }
  }
}

std::string Stated(wire::Count::Reader count) {
  return count.isUndisclosed() ? "undisclosed" : std::to_string(count.getValue());
}

// Not shortened, because it is compared.
std::string Whole(std::string_view text) { return Quoted(text, 4 * schemas::kMaxTextBytes); }

// What tells one chip from another; the clock used is a setting. Empty: undisclosed.
std::string ChipOf(wire::Device::Reader device) {
  if (!device.hasCpu()) {
    const std::string_view chip = TextOf(device.getChip());
    return chip == "undisclosed" ? "" : "chip " + Whole(chip);
  }
  const auto cpu = device.getCpu();
  return fmt::format("cpu {}, cores {}, f32_lanes {}, fma_units {}, nominal_hz {}{}",
                     Whole(TextOf(cpu.getModel())), Stated(cpu.getCores()),
                     Stated(cpu.getF32Lanes()), Stated(cpu.getFmaUnits()),
                     Stated(cpu.getNominalHz()),
                     cpu.hasMaximumHz() ? ", maximum_hz " + Stated(cpu.getMaximumHz()) : "");
}

void CheckDevices(const StatementSet& set, Findings& findings) {
  struct Claim {
    const Statement* line;
    std::string chip;
  };
  std::unordered_map<std::string_view, Claim> claims;
  std::unordered_map<std::string_view, const Statement*> counted;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kDevice) continue;
    const auto device = ReaderOf<wire::Device>(line.predicate);
    const Statement& other = *counted.try_emplace(TextOf(device.getId()), &line).first->second;
    const uint64_t others = ReaderOf<wire::Device>(other.predicate).getUnits().getValue();
    if (const uint64_t units = device.getUnits().getValue(); units != others) {
      findings.Add(FindingAbout(line, {21, RejectReason::kEquivocation},
                                fmt::format("has {}, but according to {} it has {}",
                                            Counted(units, "unit"), Describe(other), others)));
    }
    std::string chip = ChipOf(device);
    if (chip.empty()) continue;
    const auto [first, is_new] = claims.try_emplace(TextOf(device.getId()), Claim{&line, chip});
    if (is_new || first->second.chip == chip) continue;
    findings.Add(FindingAbout(line, {21, RejectReason::kEquivocation},
                              fmt::format("is {}, but according to {} it is {}", chip,
                                          Describe(*first->second.line), first->second.chip)));
  }
}

}  // namespace

void CheckEquivocation(const StatementSet& set, Findings& findings) {
  CheckSegments(set, findings);
  CheckRunsCompletedOnce(set, findings);
  CheckNonces(set, findings);
  CheckDevices(set, findings);
}

}  // namespace carnet::verifier::lineage
