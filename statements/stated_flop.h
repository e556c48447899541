// The FLOP figures of segments, where they are stated. For .cc files only: the generated headers
// are large.
#pragma once

#include <optional>

#include "schemas/readers.h"
#include "statements/segment_fields.h"

namespace carnet::statements {

// Absent: not stated, or undisclosed.
std::optional<wire::FlopStatement::Reader> Stated(bool present, wire::FlopFigure::Reader figure);
std::optional<wire::FlopStatement::Reader> UpdateOf(wire::Segment::Reader segment);
std::optional<wire::FlopStatement::Reader> TotalOf(wire::Segment::Reader segment);

// What sums take of a figure.
std::optional<StatedFlop> Sums(const std::optional<wire::FlopStatement::Reader>& stated);

}  // namespace carnet::statements
