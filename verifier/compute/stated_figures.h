// The FLOP figures that statements state, as their readers. Private to compute/, for its .cc files:
// the generated headers are large.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/readers.h"
#include "statements/stated_flop.h"
#include "verifier/compute/method.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::compute {

using statements::Stated;
using statements::TotalOf;
using statements::UpdateOf;

struct StatedFigure {
  std::string field;  // "flop.update", "sources[2].generation_flop"
  wire::FlopStatement::Reader statement;
};

// Of a segment (update before total) or dataset; none for any other line.
std::vector<StatedFigure> StatedFiguresOf(const Statement& line);

// FLOP a token and parameter (S9). Requires a set treatment.
uint64_t CoefficientOf(wire::Treatment treatment);
std::vector<ParameterClass> ClassesOf(wire::FlopCalculation::Reader calculation);
// The architecture method of a figure, which has one at most (R30).
std::optional<wire::FlopCalculation::Reader> ArchitectureOf(wire::FlopStatement::Reader statement);

std::string MethodName(wire::FlopMethod method);  // "hardware", …

}  // namespace carnet::verifier::compute
