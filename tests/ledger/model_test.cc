// Random calls and restarts against the model, on the real file system.
#include "tests/ledger/ledger_driver.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::test;

BOOST_AUTO_TEST_SUITE(model)

BOOST_DATA_TEST_CASE(ledger_agrees_with_the_model_across_restarts,
                     boost::unit_test::data::make({1u, 2u, 3u, 4u}), seed) {
  LedgerDriver driver(seed);
  for (int restart = 0; restart < 6; ++restart) {
    for (int call = 0; call < 40; ++call) BOOST_REQUIRE(driver.AppendRandom());
    BOOST_REQUIRE(driver.TryReopen());
    driver.CheckAll();
  }
  BOOST_CHECK_GE(driver.acknowledged(), 150u);
  BOOST_CHECK_GE(driver.conflicts(), 20u);
  BOOST_CHECK_GE(driver.duplicates(), 20u);
}

BOOST_AUTO_TEST_SUITE_END()
