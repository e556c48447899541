// The kinds of statement that Carnet knows, and their predicate types.
#pragma once

#include <optional>
#include <string_view>

namespace carnet::schemas {

enum class Kind {
  kDataset,
  kDevice,
  kAllocation,
  kRun,
  kSegment,
  kCompletion,
  kPassport,
  kVerdict,  // SLSA Verification Summary Attestation
};

std::string_view KindName(Kind kind);       // "dataset", …, "verdict"
std::string_view PredicateType(Kind kind);  // "urn:carnet:dataset:v1", …
std::optional<Kind> ParseKindName(std::string_view name);
std::optional<Kind> ParsePredicateType(std::string_view predicate_type);

}  // namespace carnet::schemas
