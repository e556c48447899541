#include "schemas/enums.h"

#include <capnp/schema.h>

#include "schemas/codec.h"
#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

template <typename Enum>
std::string NameOf(Enum value) {
  const auto enumerants = capnp::Schema::from<WireEnum<Enum>>().getEnumerants();
  const auto ordinal = static_cast<uint16_t>(value);
  CARNET_CHECK(ordinal != 0 && ordinal < enumerants.size());
  return JsonEnumName(TextOf(enumerants[ordinal].getProto().getName()));
}

template <typename Enum, size_t N>
std::optional<Enum> Parse(std::string_view name, const std::array<Enum, N>& values) {
  for (const Enum value : values) {
    if (NameOf(value) == name) return value;
  }
  return std::nullopt;
}

template <typename Enum>
constexpr bool Same(Enum value, WireEnum<Enum> wire_value) {
  return static_cast<uint16_t>(value) == static_cast<uint16_t>(wire_value);
}

static_assert(Same(EdgeType::kFineTunedFrom, wire::EdgeType::FINE_TUNED_FROM));
static_assert(Same(EdgeType::kInitialisedFrom, wire::EdgeType::INITIALISED_FROM));
static_assert(Same(EdgeType::kMergedFrom, wire::EdgeType::MERGED_FROM));
static_assert(Same(EdgeType::kAdapterOn, wire::EdgeType::ADAPTER_ON));
static_assert(Same(EdgeType::kQuantisedFrom, wire::EdgeType::QUANTISED_FROM));
static_assert(Same(EdgeType::kDistilledFrom, wire::EdgeType::DISTILLED_FROM));
static_assert(Same(EdgeType::kSyntheticDataFrom, wire::EdgeType::SYNTHETIC_DATA_FROM));
static_assert(Same(EdgeType::kAblatedFrom, wire::EdgeType::ABLATED_FROM));

static_assert(Same(RunKind::kPreTraining, wire::RunKind::PRE_TRAINING));
static_assert(Same(RunKind::kFineTune, wire::RunKind::FINE_TUNE));
static_assert(Same(RunKind::kReinforcementLearning, wire::RunKind::REINFORCEMENT_LEARNING));
static_assert(Same(RunKind::kDistillation, wire::RunKind::DISTILLATION));
static_assert(Same(RunKind::kMerge, wire::RunKind::MERGE));
static_assert(Same(RunKind::kQuantisation, wire::RunKind::QUANTISATION));
static_assert(Same(RunKind::kAdapter, wire::RunKind::ADAPTER));
static_assert(Same(RunKind::kAblation, wire::RunKind::ABLATION));

static_assert(Same(Precision::kFp64, wire::Precision::FP64));
static_assert(Same(Precision::kFp32, wire::Precision::FP32));
static_assert(Same(Precision::kTf32, wire::Precision::TF32));
static_assert(Same(Precision::kBf16, wire::Precision::BF16));
static_assert(Same(Precision::kFp16, wire::Precision::FP16));
static_assert(Same(Precision::kFp8, wire::Precision::FP8));
static_assert(Same(Precision::kFp6, wire::Precision::FP6));
static_assert(Same(Precision::kFp4, wire::Precision::FP4));
static_assert(Same(Precision::kInt8, wire::Precision::INT8));

}  // namespace

std::string EdgeTypeName(EdgeType edge_type) { return NameOf(edge_type); }
std::string RunKindName(RunKind run_kind) { return NameOf(run_kind); }
std::string PrecisionName(Precision precision) { return NameOf(precision); }

std::optional<EdgeType> ParseEdgeType(std::string_view name) { return Parse(name, kEdgeTypes); }
std::optional<Precision> ParsePrecision(std::string_view name) { return Parse(name, kPrecisions); }

}  // namespace carnet::schemas
