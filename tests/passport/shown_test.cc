// What a verdict shows of a passport that passes: whose words they are, and who runs the ledgers.
#include <algorithm>

#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

BOOST_AUTO_TEST_SUITE(shown)

BOOST_AUTO_TEST_CASE(who_runs_the_ledger_is_reported) {
  World world = FineTuneWorld();
  const auto tells = [&world](const std::string& text) {
    const auto verdict = world.Judge();
    CheckPasses(verdict);
    return std::any_of(verdict.not_checked.begin(), verdict.not_checked.end(),
                       [&text](const std::string& item) { return item.find(text) != item.npos; });
  };
  BOOST_CHECK(tells("who runs the ledger ledger.example: the trust directory does not say"));
  world.operators["main"] = "lab";
  BOOST_CHECK(tells("the ledger ledger.example is run by lab, which signed 12 statements in it"));
  world.operators["main"] = "cloud";
  BOOST_CHECK(tells("the ledger ledger.example is run by cloud, which signed 2 statements in it"));
  world.operators["main"] = "somebody else";
  BOOST_CHECK(!tells("the ledger ledger.example"));
}

// The fleet of another ledger: its operator counts as much as the lab's.
BOOST_AUTO_TEST_CASE(the_operators_of_all_ledgers_are_reported) {
  World world = FineTuneWorld();
  world.AddLog("other", "other.example");
  for (const char* name : {"cpu", "lease"}) world.At(name).log = "other";
  world.operators["main"] = "somebody else";
  world.operators["other"] = "cloud";
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(std::any_of(verdict.not_checked.begin(), verdict.not_checked.end(),
                          [](const std::string& item) {
                            return item.find(
                                       "the ledger other.example is run by cloud, which "
                                       "signed 2 statements in it") != item.npos;
                          }));
}

// On the row, the quotation ends where the name ends, whatever the name.
BOOST_AUTO_TEST_CASE(a_name_is_quoted_and_attributed_on_its_row) {
  World world = FineTuneWorld();
  const auto lineage = [&world] {
    const auto verdict = world.Judge();
    CheckPasses(verdict);
    for (const auto& row : verdict.rows) {
      if (row.name == "lineage") return row.text;
    }
    return std::string("no row");
  };
  BOOST_CHECK_EQUAL(lineage(), R"(fine-tuned-from "base", says lab (passport enclosed))");
  world.Set("base", "/name",
            R"("llama-3-70b\", says meta (passport enclosed), verified by \"hub")");
  BOOST_CHECK_EQUAL(lineage(),
                    R"(fine-tuned-from "llama-3-70b\", says meta (passport enclosed), verified by )"
                    R"(\"hub", says lab (passport enclosed))");
}

BOOST_AUTO_TEST_CASE(evidence_is_quoted_attributed_and_counted) {
  World world = FineTuneWorld();
  std::string evidence;
  for (int i = 0; i < 20; ++i) {
    evidence += std::string(i == 0 ? "" : ",") + R"({"type":"type )" + std::to_string(10 + i) +
                R"(, verified","digest":"@sha:e","binds":"x"})";
  }
  world.Set("cpu", "/evidence", "[" + evidence + "]");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  for (const auto& row : verdict.rows) {
    if (row.name != "hardware") continue;
    BOOST_CHECK_MESSAGE(
        row.text.find(R"(evidence stated, not verified: "type 10, verified", )") != row.text.npos,
        row.text);
    BOOST_CHECK_MESSAGE(row.text.ends_with(R"("type 17, verified" and 12 more, says cloud)"),
                        row.text);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_kyc_is_not_a_kyc_that_was_stated) {
  for (const auto& [kyc, said] :
       {std::pair(R"({"status":"failed"})", "KYC according to the seller: failed for 1"),
        std::pair(R"({"status":"passed"})", "KYC according to the seller: passed for 1"),
        std::pair(R"({"status":"not-done"})", "KYC according to the seller: not done for 1")}) {
    World world = FineTuneWorld();
    world.Set("lease", "/kyc", kyc);
    const auto verdict = world.Judge();
    CheckPasses(verdict);
    for (const auto& row : verdict.rows) {
      if (row.name == "custody") BOOST_CHECK_MESSAGE(row.text.ends_with(said), row.text);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
