#include <fmt/core.h>

#include <utility>

#include "verifier/compute/figure_inputs.h"
#include "verifier/compute/rules.h"

namespace carnet::verifier::compute {

using schemas::Kind;
using schemas::ReaderOf;

std::vector<StatedFigure> StatedFiguresOf(const Statement& line) {
  std::vector<StatedFigure> figures;
  const auto add = [&](std::string field, std::optional<wire::FlopStatement::Reader> statement) {
    if (statement) figures.push_back({std::move(field), *statement});
  };
  if (line.kind() == Kind::kSegment) {
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    figures.reserve(2);
    add("flop.update", UpdateOf(segment));
    add("flop.total", TotalOf(segment));
  } else if (line.kind() == Kind::kDataset) {
    const auto sources = ReaderOf<wire::Dataset>(line.predicate).getSources();
    if (!sources.isItems()) return figures;
    for (uint32_t i = 0; i < sources.getItems().size(); ++i) {
      const auto source = sources.getItems()[i];
      add(fmt::format("sources[{}].generation_flop", i),
          Stated(source.hasGenerationFlop(), source.getGenerationFlop()));
    }
  }
  return figures;
}

namespace {

// As JSON spells it.
std::string_view TreatmentName(wire::Treatment treatment) {
  switch (treatment) {
    case wire::Treatment::TRAINED:
      return "trained";
    case wire::Treatment::FROZEN_UNDER_TRAINING:
      return "frozen-under-training";
    case wire::Treatment::FORWARD_ONLY:
      return "forward-only";
    case wire::Treatment::LOOKUP:
      return "lookup";
    case wire::Treatment::UNSET:
      break;
  }
  CARNET_CHECK(false);
}

}  // namespace

uint64_t CoefficientOf(wire::Treatment treatment) {
  switch (treatment) {
    case wire::Treatment::TRAINED:
      return 6;
    case wire::Treatment::FROZEN_UNDER_TRAINING:
      return 4;
    case wire::Treatment::FORWARD_ONLY:
      return 2;
    case wire::Treatment::LOOKUP:
      return 0;
    case wire::Treatment::UNSET:
      break;
  }
  CARNET_CHECK(false);
}

std::optional<uint64_t> CoefficientOf(std::string_view treatment) {
  for (const wire::Treatment each :
       {wire::Treatment::TRAINED, wire::Treatment::FROZEN_UNDER_TRAINING,
        wire::Treatment::FORWARD_ONLY, wire::Treatment::LOOKUP}) {
    if (TreatmentName(each) == treatment) return CoefficientOf(each);
  }
  return std::nullopt;
}

std::vector<ParameterClass> ClassesOf(wire::FlopCalculation::Reader calculation) {
  std::vector<ParameterClass> classes;
  for (const auto each : calculation.getClasses()) {
    classes.push_back({CoefficientOf(each.getTreatment()), each.getParameters().getValue()});
  }
  return classes;
}

std::optional<wire::FlopCalculation::Reader> ArchitectureOf(wire::FlopStatement::Reader statement) {
  for (const auto calculation : statement.getMethods()) {
    if (calculation.getMethod() == wire::FlopMethod::ARCHITECTURE) return calculation;
  }
  return std::nullopt;
}

std::string_view MethodName(wire::FlopMethod method) {
  switch (method) {
    case wire::FlopMethod::HARDWARE:
      return "hardware";
    case wire::FlopMethod::ARCHITECTURE:
      return "architecture";
    case wire::FlopMethod::COUNTER:
      return "counter";
    case wire::FlopMethod::DECLARED:
      return "declared";
    case wire::FlopMethod::UNSET:
      return "unset";
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::verifier::compute
