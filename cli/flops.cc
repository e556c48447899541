#include <fmt/core.h>

#include "cli/command.h"
#include "cli/flop_estimate.h"
#include "cli/open_inputs.h"
#include "core/closest.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/this_cpu.h"
#include "schemas/enums.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/find_chip.h"

namespace carnet::cli {
namespace {

namespace compute = verifier::compute;

// One figure and how it was derived.
struct Figure {
  std::string name;
  std::string formula;
  Flop flop;
};

// The id of a chip, or a name that leads to one.
Result<std::string> ChipOf(const FlopsOptions& options, const compute::Catalogue& catalogue,
                           Terminal& terminal) {
  const auto found = compute::FindChip(catalogue, options.chip);
  if (found.ids.size() == 1 && !found.units) return found.ids[0];
  if (found.ids.empty()) {
    std::string known;
    for (const std::string& id : catalogue.ChipIds()) known += " " + id;
    const auto meant = Closest(options.chip, catalogue.ChipIds());
    return terminal.Hinted(
        NotFound(fmt::format("--chip {}: not in the catalogue (`carnet chips` searches it), "
                             "which has:{}",
                             options.chip, known)),
        meant ? "did you mean " + *meant + "?" : "");
  }
  return NotFound(fmt::format("--chip {}: expected one chip; did you mean {}?", options.chip,
                              compute::OneOf(found.ids)));
}

Result<Flop> PeakOf(const FlopsOptions& options, Terminal& terminal) {
  CARNET_TRY(const compute::Catalogue catalogue,
             OpenChipsIn(options.trust, options.chips_file, terminal));
  CARNET_TRY(const std::string chip, ChipOf(options, catalogue, terminal));
  const auto precision = schemas::ParsePrecision(options.precision);
  const auto peak = precision ? catalogue.Peak(chip, *precision) : std::nullopt;
  if (!peak) {
    return NotFound(fmt::format("--precision {}: the catalogue states no such peak for {}",
                                options.precision, chip));
  }
  return *peak;
}

Result<Figure> FromHardware(const FlopsOptions& options, Terminal& terminal) {
  CARNET_TRY(const Flop peak, PeakOf(options, terminal));
  CARNET_TRY(const uint64_t units, ParseQuantity(options.units));
  uint64_t ms = 0;
  if (!options.days.empty()) {
    CARNET_TRY(ms, ParseDays(options.days));
  } else if (!options.hours.empty()) {
    CARNET_TRY(ms, ParseHours(options.hours));
  } else {
    return Malformed("--chip requires --days or --hours");
  }
  uint64_t ppm = 1'000'000;
  if (!options.utilisation.empty()) {
    CARNET_TRY(ppm, ParseSharePpm(options.utilisation));
  }
  CARNET_TRY(FlopEstimate estimate, EstimateFromHardware({units, ms, peak, ppm}));
  return Figure{"hardware", std::move(estimate.formula), estimate.flop};
}

Result<Figure> FromTokens(const FlopsOptions& options) {
  if (options.parameters.empty() || options.tokens.empty()) {
    return Malformed("--parameters and --tokens must be given together");
  }
  CARNET_TRY(const uint64_t parameters, ParseQuantity(options.parameters));
  CARNET_TRY(const uint64_t tokens, ParseQuantity(options.tokens));
  CARNET_TRY(FlopEstimate estimate, EstimateFromTokens(parameters, tokens));
  return Figure{"architecture", std::move(estimate.formula), estimate.flop};
}

Result<std::string> Estimate(const FlopsOptions& options, Terminal& terminal) {
  std::vector<Figure> figures;
  if (!options.chip.empty()) {
    CARNET_TRY(Figure figure, FromHardware(options, terminal));
    figures.push_back(std::move(figure));
  }
  if (!options.parameters.empty() || !options.tokens.empty()) {
    CARNET_TRY(Figure figure, FromTokens(options));
    figures.push_back(std::move(figure));
  }
  if (figures.empty()) {
    return Malformed("expected --chip with --days or --hours, --parameters with --tokens, or both");
  }
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("figures").BeginArray();
  std::string text;
  for (const Figure& figure : figures) {
    writer.BeginObject()
        .Member("method", figure.name)
        .Member("formula", figure.formula)
        .Member("flop", figure.flop.ToString())
        .Member("two_significant_figures", figure.flop.ToScientific())
        .EndObject();
    text += fmt::format("{}: {}\n  = {} FLOP\n  = {} FLOP at 2 significant figures\n", figure.name,
                        figure.formula, figure.flop.ToString(), figure.flop.ToScientific());
  }
  writer.EndArray().EndObject();
  return options.json ? writer.Take() : text;
}

Result<std::string> ThisMachine(const FlopsOptions& options) {
  CARNET_TRY(const pipeline::ReportedCpu cpu, pipeline::ReadThisCpu());
  const auto peak = compute::PeakOfCpu(
      {cpu.cores, cpu.f32_lanes, cpu.fma_units, cpu.nominal_hz, cpu.maximum_hz, cpu.used_hz()});
  if (!peak) return Malformed("the CPU's peak overflows 128 bits");
  if (!options.json) return cpu.model + ": " + peak->Arithmetic() + "\n";
  CARNET_TRY(const json::Tree fields, json::Parse(pipeline::CpuJson(cpu)));
  return json::Writer(json::Layout::kIndented)
      .BeginObject()
      .Member("vendor", cpu.vendor)
      .Key("cpu")
      .Copy(fields.root())
      .Member("peak", peak->flops.ToString())
      .Member("arithmetic", peak->Arithmetic())
      .EndObject()
      .Take();
}

}  // namespace

ExitCode Flops(const FlopsOptions& options, Terminal& terminal) {
  const auto text = options.this_machine ? ThisMachine(options) : Estimate(options, terminal);
  if (!text) {
    // Numbers that cannot be read, or options that do not go together.
    const bool usage = !options.this_machine && text.error().code == ErrorCode::kMalformed;
    return usage ? terminal.WrongUsage(text.error().message) : terminal.CouldNotTell(text.error());
  }
  terminal.Out(*text);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
