// Names of enumerants as JSON spells them, from the schema itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carnet::schemas {

// Requires an enumerant of the schema. 0 is "unset".
std::string EdgeTypeName(uint16_t edge_type);   // "fine-tuned-from", … of wire::EdgeType
std::string RunKindName(uint16_t run_kind);     // "pre-training", … of wire::RunKind
std::string PrecisionName(uint16_t precision);  // "bf16", … of wire::Precision

// Absent for any other name, "unset" included.
std::optional<uint16_t> ParseEdgeType(std::string_view name);
std::optional<uint16_t> ParsePrecision(std::string_view name);

}  // namespace carnet::schemas
