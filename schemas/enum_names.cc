#include "schemas/enum_names.h"

#include <capnp/schema.h>

#include "schemas/codec.h"
#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

template <typename Enum>
std::string NameOf(uint16_t value) {
  const auto enumerants = capnp::Schema::from<Enum>().getEnumerants();
  CARNET_CHECK(value < enumerants.size());
  return JsonEnumName(TextOf(enumerants[value].getProto().getName()));
}

template <typename Enum>
std::optional<uint16_t> Parse(std::string_view name) {
  const auto enumerants = capnp::Schema::from<Enum>().getEnumerants();
  for (uint16_t value = 1; value < enumerants.size(); ++value) {
    if (NameOf<Enum>(value) == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string EdgeTypeName(uint16_t edge_type) { return NameOf<wire::EdgeType>(edge_type); }
std::string RunKindName(uint16_t run_kind) { return NameOf<wire::RunKind>(run_kind); }
std::string PrecisionName(uint16_t precision) { return NameOf<wire::Precision>(precision); }

std::optional<uint16_t> ParseEdgeType(std::string_view name) { return Parse<wire::EdgeType>(name); }
std::optional<uint16_t> ParsePrecision(std::string_view name) {
  return Parse<wire::Precision>(name);
}

}  // namespace carnet::schemas
