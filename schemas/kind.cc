#include "schemas/kind.h"

#include <array>

#include "core/check.h"

namespace carnet::schemas {
namespace {

struct Row {
  Kind kind;
  std::string_view name;
  std::string_view predicate_type;
};

constexpr std::array<Row, 8> kKinds = {{
    {Kind::kDataset, "dataset", "urn:carnet:dataset:v1"},
    {Kind::kDevice, "device", "urn:carnet:device:v1"},
    {Kind::kAllocation, "allocation", "urn:carnet:allocation:v1"},
    {Kind::kRun, "run", "urn:carnet:run:v1"},
    {Kind::kSegment, "segment", "urn:carnet:segment:v1"},
    {Kind::kCompletion, "completion", "urn:carnet:completion:v1"},
    {Kind::kPassport, "passport", "urn:carnet:passport:v1"},
    {Kind::kVerdict, "verdict", "https://slsa.dev/verification_summary/v1"},
}};

const Row& RowOf(Kind kind) {
  const Row& row = kKinds[static_cast<size_t>(kind)];
  CARNET_CHECK(row.kind == kind);
  return row;
}

}  // namespace

std::string_view KindName(Kind kind) { return RowOf(kind).name; }

std::string_view PredicateType(Kind kind) { return RowOf(kind).predicate_type; }

std::optional<Kind> ParseKindName(std::string_view name) {
  for (const Row& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

std::optional<Kind> ParsePredicateType(std::string_view predicate_type) {
  for (const Row& row : kKinds) {
    if (row.predicate_type == predicate_type) return row.kind;
  }
  return std::nullopt;
}

}  // namespace carnet::schemas
