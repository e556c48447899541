// carnet chips: what the catalogue has, and under which names.
#include <fmt/core.h>

#include <limits>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/find_chip.h"

namespace carnet::cli {
namespace {

namespace compute = verifier::compute;
using compute::Catalogue;
using compute::ChipPeak;
using schemas::Precision;

// "989.4", in units of 10^12; "unknown".
std::string Tera(const ChipPeak& peak) {
  if (!peak.flops) return "unknown";
  const Uint128 value = peak.flops->value();
  if (value > std::numeric_limits<uint64_t>::max())
    return Flop(value / 1'000'000'000'000).ToScientific();
  return compute::ScaledText(static_cast<uint64_t>(value), 12);
}

// "p5.48xlarge (8 units)", "NVIDIA H200".
std::string NameText(const compute::ChipAlias& name) {
  if (!name.units) return name.text;
  return fmt::format("{} ({} {})", name.text, *name.units, *name.units == 1 ? "unit" : "units");
}

std::string Joined(const std::vector<compute::ChipAlias>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + NameText(name);
  return text;
}

// One line: "h200-sxm          nvidia  fp32 66.91, tf32 494.5, …".
std::string Line(const Catalogue& catalogue, const std::string& id) {
  const compute::ListedChip& chip = *catalogue.Find(id);
  std::string peaks;
  for (const Precision precision : schemas::kPrecisions) {
    const auto& peak = chip.At(precision);
    if (!peak) continue;
    peaks += (peaks.empty() ? "" : ", ") + schemas::PrecisionName(precision) + " " + Tera(*peak);
  }
  return fmt::format("{:<21} {:<13} {}\n", id, chip.vendor, peaks);
}

std::string Block(const Catalogue& catalogue, const std::string& id) {
  const compute::ListedChip& chip = *catalogue.Find(id);
  std::string text = fmt::format("{} ({}{})\n", id, chip.vendor,
                                 chip.family == id ? "" : ", a variant of " + chip.family);
  for (const Precision precision : schemas::kPrecisions) {
    const auto& peak = chip.At(precision);
    if (!peak) continue;
    text += fmt::format("  {:<5} {:>10} {}  {} of {}, {}{}\n", schemas::PrecisionName(precision),
                        Tera(*peak), precision == Precision::kInt8 ? "TOP/s  " : "TFLOP/s",
                        peak->source, peak->as_of, peak->confidence,
                        peak->note.empty() ? "" : ": " + peak->note);
  }
  const std::string names = Joined(NamesOf(catalogue, id));
  if (!names.empty()) text += "  known as " + names + "\n";
  return text;
}

void WritePeaks(const compute::ListedChip& chip, json::Writer& writer) {
  writer.Key("peaks").BeginArray();
  for (const Precision precision : schemas::kPrecisions) {
    const auto& peak = chip.At(precision);
    if (!peak) continue;
    writer.BeginObject().Member("precision", schemas::PrecisionName(precision));
    if (peak->flops) writer.Member("flops", peak->flops->ToString());
    writer.Member("source", peak->source)
        .Member("as_of", peak->as_of)
        .Member("confidence", peak->confidence)
        .Member("note", peak->note)
        .EndObject();
  }
  writer.EndArray();
}

void WriteChip(const Catalogue& catalogue, const std::string& id, json::Writer& writer) {
  const compute::ListedChip& chip = *catalogue.Find(id);
  writer.BeginObject()
      .Member("chip", id)
      .Member("variant_of", chip.family)
      .Member("vendor", chip.vendor);
  WritePeaks(chip, writer);
  const auto names = NamesOf(catalogue, id);
  writer.Key("names").BeginArray();
  for (const auto& name : names) {
    if (!name.units) writer.String(name.text);
  }
  writer.EndArray().Key("machines").BeginArray();
  for (const auto& name : names) {
    if (!name.units) continue;
    writer.BeginObject().Member("name", name.text).Member("units", *name.units).EndObject();
  }
  writer.EndArray().EndObject();
}

std::string Json(const Catalogue& catalogue, const std::vector<std::string>& ids) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("chips").BeginArray();
  for (const std::string& id : ids) WriteChip(catalogue, id, writer);
  writer.EndArray().Key("own").BeginArray();
  for (const auto& [of, digest] : catalogue.own()) {
    writer.BeginObject().Member("of", of).Member("sha256", digest).EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

std::string Text(const Catalogue& catalogue, const std::vector<std::string>& ids, bool in_full) {
  std::string text = in_full ? "" : "dense peaks of one unit, TFLOP/s (int8: TOP/s)\n";
  for (const std::string& id : ids) text += in_full ? Block(catalogue, id) : Line(catalogue, id);
  return text;
}

ExitCode NoMatch(const Catalogue& catalogue, const std::string& search, Terminal& terminal) {
  std::string closest;
  for (const std::string& name : ClosestNames(catalogue, search)) {
    closest += (closest.empty() ? "; close to it: " : ", ") + name;
  }
  return terminal.Fail(Rejected(fmt::format("no chip or name in the catalogue is or contains {}{}",
                                            Quoted(search), closest)));
}

}  // namespace

ExitCode Chips(const ChipsOptions& options, Terminal& terminal) {
  const auto catalogue = OpenChipsIn(options.trust, options.chips_file, terminal);
  if (!catalogue) return terminal.CouldNotTell(catalogue.error());
  const auto ids = compute::SearchChips(*catalogue, options.search);
  if (ids.empty()) return NoMatch(*catalogue, options.search, terminal);
  terminal.Out(options.json ? Json(*catalogue, ids)
                            : Text(*catalogue, ids, !options.search.empty()));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
