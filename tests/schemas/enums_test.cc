#include "schemas/enums.h"

#include <capnp/schema.h>

#include <set>

#include "schemas/readers.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

// Those of the schema, without "unset".
template <typename Enum>
size_t CountInSchema() {
  return capnp::Schema::from<Enum>().getEnumerants().size() - 1;
}

BOOST_AUTO_TEST_CASE(every_enumerant_of_the_schema_has_its_value) {
  BOOST_CHECK_EQUAL(kEdgeTypes.size(), CountInSchema<wire::EdgeType>());
  BOOST_CHECK_EQUAL(kRunKinds.size(), CountInSchema<wire::RunKind>());
  BOOST_CHECK_EQUAL(kPrecisions.size(), CountInSchema<wire::Precision>());
  BOOST_CHECK_EQUAL(std::set<EdgeType>(kEdgeTypes.begin(), kEdgeTypes.end()).size(), 8U);
  BOOST_CHECK_EQUAL(std::set<RunKind>(kRunKinds.begin(), kRunKinds.end()).size(), 8U);
  BOOST_CHECK_EQUAL(std::set<Precision>(kPrecisions.begin(), kPrecisions.end()).size(), 9U);
}

BOOST_AUTO_TEST_CASE(values_are_named_as_json_spells_them) {
  BOOST_CHECK_EQUAL(EdgeTypeName(EdgeType::kFineTunedFrom), "fine-tuned-from");
  BOOST_CHECK_EQUAL(EdgeTypeName(EdgeType::kSyntheticDataFrom), "synthetic-data-from");
  BOOST_CHECK_EQUAL(RunKindName(RunKind::kReinforcementLearning), "reinforcement-learning");
  BOOST_CHECK_EQUAL(RunKindName(RunKind::kAblation), "ablation");
}

BOOST_AUTO_TEST_CASE(names_are_read_as_they_are_written) {
  for (const EdgeType type : kEdgeTypes) BOOST_CHECK(ParseEdgeType(EdgeTypeName(type)) == type);
  BOOST_CHECK(ParsePrecision("bf16") == Precision::kBf16);
  BOOST_CHECK(ParsePrecision("int8") == Precision::kInt8);
  for (const char* name : {"", "unset", "BF16", "bf16 ", "fine-tuned-from"}) {
    BOOST_CHECK(!ParsePrecision(name));
  }
  for (const char* name : {"", "unset", "fineTunedFrom", "bf16"}) BOOST_CHECK(!ParseEdgeType(name));
}

BOOST_AUTO_TEST_CASE(a_value_converts_to_the_schemas_and_back) {
  BOOST_CHECK(EdgeTypeOf(wire::EdgeType::ADAPTER_ON) == EdgeType::kAdapterOn);
  BOOST_CHECK(ToWire(EdgeType::kAdapterOn) == wire::EdgeType::ADAPTER_ON);
  BOOST_CHECK(RunKindOf(wire::RunKind::MERGE) == RunKind::kMerge);
  BOOST_CHECK(PrecisionOf(wire::Precision::FP8) == Precision::kFp8);
}

BOOST_AUTO_TEST_CASE(all_edges_but_two_carry_weights) {
  BOOST_CHECK(!CarriesWeights(EdgeType::kDistilledFrom));
  BOOST_CHECK(!CarriesWeights(EdgeType::kSyntheticDataFrom));
  for (const EdgeType type :
       {EdgeType::kFineTunedFrom, EdgeType::kInitialisedFrom, EdgeType::kMergedFrom,
        EdgeType::kAdapterOn, EdgeType::kQuantisedFrom, EdgeType::kAblatedFrom}) {
    BOOST_CHECK(CarriesWeights(type));
  }
}

}  // namespace
}  // namespace carnet::schemas
