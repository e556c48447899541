#include "pipeline/closure.h"

#include <set>

#include "core/hex.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture {
  RealLedger world;
  TrainedModel base = Train(world, "base");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(closure, Fixture)

BOOST_AUTO_TEST_CASE(each_statement_is_collected_once_root_first) {
  const auto reader = world.Read();
  REQUIRE_VALUE(const auto bundles, CollectClosure(*reader, base.completion));
  BOOST_CHECK_EQUAL(bundles.size(), 8U);
  std::set<std::string> distinct;
  for (const auto& bundle : bundles) {
    distinct.insert(HexEncode(sigstore::StatementIdOf(bundle.envelope.payload).span()));
  }
  BOOST_CHECK_EQUAL(distinct.size(), 8U);
  BOOST_CHECK(sigstore::StatementIdOf(bundles[0].envelope.payload) == base.completion);
  BOOST_CHECK_EQUAL(LinesOf(WriteLines(bundles)).size(), 8U);
}

BOOST_AUTO_TEST_CASE(a_statement_logged_twice_is_enclosed_at_its_lowest_index) {
  const auto reader = world.Read();
  REQUIRE_VALUE(const auto row, reader->Find(world.dataset));
  REQUIRE_VALUE(const auto bundles, CollectClosure(*reader, world.dataset));
  BOOST_REQUIRE_EQUAL(bundles.size(), 1U);
  BOOST_CHECK_EQUAL(bundles[0].entries.at(0).log_index, row.index.value());
}

BOOST_AUTO_TEST_SUITE_END()
