// R33: peaks that a device's own statement declares, for chips that the catalogue does not have.
#include <fmt/core.h>

#include <algorithm>

#include "core/utf8.h"
#include "verifier/compute/find_chip.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/stated_peak.h"
#include "verifier/compute/verify.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;
using schemas::Kind;
using schemas::Precision;
using schemas::PrecisionOf;
using schemas::ReaderOf;
using schemas::TextOf;

constexpr std::string_view kLeaveOut = "leave declared_peaks out: the catalogue's peaks count";

// Under its own id: the catalogue's figures count, and no others may be stated beside them.
void CompareWithCatalogue(const Statement& line, std::string_view chip, const Catalogue& catalogue,
                          Findings& findings) {
  for (const auto peak : ReaderOf<wire::Device>(line.predicate).getDeclaredPeaks().getPeaks()) {
    const auto listed = catalogue.Peak(chip, PrecisionOf(peak.getPrecision()));
    if (!listed || IsTheSamePeak(FlopOf(peak.getFlops()), *listed)) continue;
    return findings.Add(FindingAbout(
        line, {33, RejectReason::kCataloguedChip},
        fmt::format("declares a peak of {} FLOP/s in {} for chip {}, of which the catalogue has {}",
                    FlopOf(peak.getFlops()).ToScientific(),
                    schemas::PrecisionName(PrecisionOf(peak.getPrecision())), Quoted(chip),
                    listed->ToScientific()),
        std::string(kLeaveOut)));
  }
}

void CheckDeclared(const Statement& line, const Catalogue& catalogue, Findings& findings) {
  const auto device = ReaderOf<wire::Device>(line.predicate);
  if (!device.hasDeclaredPeaks()) return;
  const std::string_view chip = TextOf(device.getChip());
  if (catalogue.Has(chip)) return CompareWithCatalogue(line, chip, catalogue, findings);
  const FoundChips found = FindMisspeltChip(catalogue, chip);
  if (found.ids.empty()) return;
  findings.Add(FindingAbout(
      line, {33, RejectReason::kCataloguedChip},
      fmt::format("declares peaks for chip {}, which {} {}", Quoted(chip),
                  found.too_near ? "is too near to the catalogue's" : "the catalogue has as",
                  OneOf(found.ids)),
      "write the id of the catalogue, and " + std::string(kLeaveOut)));
}

}  // namespace

bool IsDeclaredAlone(const Statement& device, const Catalogue& catalogue) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  return reader.hasDeclaredPeaks() && !catalogue.Has(TextOf(reader.getChip()));
}

std::optional<Flop> DeclaredPeak(const Statement& device, Precision precision) {
  for (const auto peak : ReaderOf<wire::Device>(device.predicate).getDeclaredPeaks().getPeaks()) {
    if (PrecisionOf(peak.getPrecision()) == precision) return FlopOf(peak.getFlops());
  }
  return std::nullopt;
}

std::optional<Flop> HighestDeclaredPeak(const Statement& device,
                                        std::span<const Precision> precisions) {
  std::optional<Flop> highest;
  std::optional<Flop> fastest;
  for (const auto peak : ReaderOf<wire::Device>(device.predicate).getDeclaredPeaks().getPeaks()) {
    fastest = std::max(fastest, std::optional(FlopOf(peak.getFlops())));
  }
  for (const Precision precision : precisions) {
    const auto declared = DeclaredPeak(device, precision);
    highest = std::max(highest, declared ? declared : fastest);
  }
  return highest ? highest : fastest;
}

std::string DeclaredChip(const Statement& device) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  return fmt::format("the peaks of chip {}, which is not in the catalogue, are declared by {} ({})",
                     ChipName(device), Describe(device),
                     Quoted(TextOf(reader.getDeclaredPeaks().getSource())));
}

std::string MisspeltChip(const Statement& device, const Catalogue& catalogue) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  const std::string_view chip = TextOf(reader.getChip());
  if (reader.hasCpu() || catalogue.Has(chip)) return "";
  const FoundChips found = FindMisspeltChip(catalogue, chip);
  if (found.ids.empty()) return "";
  std::string text = fmt::format("chip {} is not an id of the catalogue: did you mean {}?",
                                 Quoted(chip), OneOf(found.ids));
  if (found.units) text += fmt::format(" (the machine has {})", Counted(*found.units, "unit"));
  return text;
}

void CheckDeclaredPeaks(Lines lines, const Catalogue& catalogue, Findings& findings) {
  for (const Statement& line : lines) {
    if (line.kind() == Kind::kDevice) CheckDeclared(line, catalogue, findings);
  }
}

}  // namespace carnet::verifier::compute
