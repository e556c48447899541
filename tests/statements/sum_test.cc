#include "statements/sum.h"

#include "tests/statements/lineage_file.h"
#include "tests/support/test.h"

namespace carnet::statements {
namespace {

using schemas::BuilderOf;
using schemas::SetFlop;
using test::LineageFile;
using wire::EdgeType;
using wire::RunKind;

const std::set<schemas::EdgeType> kMerged = {schemas::EdgeType::kMergedFrom};

// Both figures of a segment, with one method that found `method`.
void Spend(LineageFile& world, const std::string& segment, uint64_t flop, uint64_t method) {
  auto figures = BuilderOf<wire::Segment>(world.At(segment).predicate).initFlop();
  for (auto figure : {figures.initUpdate(), figures.initTotal()}) {
    auto stated = figure.initStated();
    SetFlop(stated.initAmount(), Flop(flop));
    SetFlop(stated.initMethods(1)[0].initResult(), Flop(method));
  }
}

void CheckSum(const std::optional<FlopSum>& sum, uint64_t amount, bool lower_bound) {
  BOOST_REQUIRE(sum.has_value());
  BOOST_CHECK_EQUAL(sum->amount.ToString(), std::to_string(amount));
  BOOST_CHECK_EQUAL(sum->lower_bound, lower_bound);
}

// left and right, each fine-tuned from base, and merged.
LineageFile Diamond() {
  LineageFile world;
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  for (const char* half : {"left", "right"}) {
    world.AddModel(half, RunKind::MERGE, {{EdgeType::MERGED_FROM, "base", "base"}});
  }
  world.AddModel(
      "both", RunKind::MERGE,
      {{EdgeType::MERGED_FROM, "left", "left"}, {EdgeType::MERGED_FROM, "right", "right"}});
  uint64_t flop = 1;
  for (const char* name : {"base.0", "left.0", "right.0", "both.0"}) {
    Spend(world, name, flop, 3 * flop);
    flop *= 10;
  }
  return world;
}

BOOST_AUTO_TEST_SUITE(sum)

BOOST_AUTO_TEST_CASE(counts_what_is_reached_twice_once) {
  LineageFile world = Diamond();
  CheckSum(SumAlong(world.set(), world.At("both"), CumulativeRule(kMerged)), 1111, false);
  CheckSum(SumAlong(world.set(), world.At("left"), CumulativeRule(kMerged)), 11, false);
}

BOOST_AUTO_TEST_CASE(parameter_update_ends_at_the_parents_passports) {
  LineageFile world = Diamond();
  CheckSum(SumAlong(world.set(), world.At("both"), ParameterUpdateRule()), 1000, false);
}

BOOST_AUTO_TEST_CASE(the_highest_of_each_figures_methods_can_be_summed) {
  LineageFile world = Diamond();
  CheckSum(SumOfHighest(world.set(), world.At("both"), CumulativeRule(kMerged)), 3333, false);
}

BOOST_AUTO_TEST_CASE(an_undisclosed_term_makes_a_lower_bound) {
  LineageFile world = Diamond();
  BuilderOf<wire::Segment>(world.At("base.0").predicate).getFlop().initTotal().setUndisclosed();
  CheckSum(SumAlong(world.set(), world.At("both"), CumulativeRule(kMerged)), 1110, true);
  CheckSum(SumAlong(world.set(), world.At("both"), ParameterUpdateRule()), 1000, false);
}

BOOST_AUTO_TEST_CASE(an_overflow_of_128_bits_is_no_sum) {
  LineageFile world = Diamond();
  auto figures = BuilderOf<wire::Segment>(world.At("base.0").predicate).initFlop();
  SetFlop(figures.initTotal().initStated().initAmount(), Flop(~Uint128{0}));
  BOOST_CHECK(!SumAlong(world.set(), world.At("both"), CumulativeRule(kMerged)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::statements
