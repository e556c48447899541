// Enumerations of predicates that leave schemas/ as values, without the generated headers. Numbers
// are those of the .capnp files (schemas/enums.cc asserts it); "unset" has no enumerator, since the
// codec refuses it. Names are as JSON spells them, from the schema itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carnet::schemas {

enum class EdgeType : uint16_t {
  kFineTunedFrom = 1,
  kInitialisedFrom,
  kMergedFrom,
  kAdapterOn,
  kQuantisedFrom,
  kDistilledFrom,
  kSyntheticDataFrom,
  kAblatedFrom,
};
inline constexpr std::array kEdgeTypes = {
    EdgeType::kFineTunedFrom,     EdgeType::kInitialisedFrom, EdgeType::kMergedFrom,
    EdgeType::kAdapterOn,         EdgeType::kQuantisedFrom,   EdgeType::kDistilledFrom,
    EdgeType::kSyntheticDataFrom, EdgeType::kAblatedFrom,
};

// Whether the child starts from the parent's weights, and not from what the parent generated.
constexpr bool CarriesWeights(EdgeType edge_type) {
  return edge_type != EdgeType::kDistilledFrom && edge_type != EdgeType::kSyntheticDataFrom;
}

enum class RunKind : uint16_t {
  kPreTraining = 1,
  kFineTune,
  kReinforcementLearning,
  kDistillation,
  kMerge,
  kQuantisation,
  kAdapter,
  kAblation,
};
inline constexpr std::array kRunKinds = {
    RunKind::kPreTraining,  RunKind::kFineTune, RunKind::kReinforcementLearning,
    RunKind::kDistillation, RunKind::kMerge,    RunKind::kQuantisation,
    RunKind::kAdapter,      RunKind::kAblation,
};

enum class Precision : uint16_t { kFp64 = 1, kFp32, kTf32, kBf16, kFp16, kFp8, kFp6, kFp4, kInt8 };
inline constexpr std::array kPrecisions = {
    Precision::kFp64, Precision::kFp32, Precision::kTf32, Precision::kBf16, Precision::kFp16,
    Precision::kFp8,  Precision::kFp6,  Precision::kFp4,  Precision::kInt8,
};

std::string EdgeTypeName(EdgeType edge_type);    // "fine-tuned-from", …
std::string RunKindName(RunKind run_kind);       // "pre-training", …
std::string PrecisionName(Precision precision);  // "bf16", …

// Absent for any other name, "unset" included.
std::optional<EdgeType> ParseEdgeType(std::string_view name);
std::optional<Precision> ParsePrecision(std::string_view name);  // "bf16", …

}  // namespace carnet::schemas
