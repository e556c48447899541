// What a verdict shows of a passport that passes: whose words they are, and who runs the ledgers.
#include <algorithm>

#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
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

// The page that a hub serves beside the model may change; the verdict says that nobody checked it.
BOOST_AUTO_TEST_CASE(files_that_the_passport_leaves_out_are_listed_with_their_sizes) {
  World world = FineTuneWorld();
  world.Set("chat", "/not_covered", R"(["*.png",".gitattributes","README.md"])");
  CheckPasses(world.Judge());
  const auto digest = world.given->digest;
  world.given = WithLeavable(*world.given, "README.md", "# Chat\n" + std::string(1'993, 'x'));
  world.given = WithLeavable(*world.given, "sub/.gitattributes", "*.bin\n");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(verdict.model == digest);
  BOOST_CHECK(world.given->digest != digest);
  for (const char* shown : {"README.md, 2.0 kB: not covered by the model digest",
                            "sub/.gitattributes, 6 bytes: not covered by the model digest"}) {
    BOOST_CHECK_EQUAL(std::count(verdict.not_checked.begin(), verdict.not_checked.end(), shown), 1);
  }
  BOOST_CHECK(verdict.rows.front().text.find("2 files") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(many_files_left_out_are_counted) {
  World world = FineTuneWorld();
  world.Set("chat", "/not_covered", R"(["README.md"])");
  for (int i = 0; i < 200; ++i) {
    world.given = WithLeavable(*world.given, std::to_string(i) + "/README.md", "");
  }
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.not_checked.size(), verifier::kMaxFindings + 1);
  BOOST_CHECK(verdict.not_checked.back().ends_with(" more"));
}

// A parent and a child may leave out different files: each is judged by its own passport.
BOOST_AUTO_TEST_CASE(each_passport_is_about_the_files_that_it_covers) {
  World world = FineTuneWorld();
  world.Set("chat", "/not_covered", R"(["README.md"])");
  world.Set("base", "/not_covered", R"(["*.png"])");
  const std::string passport = world.Issue();
  const auto base = WithLeavable(world.model("base"), "logo.png", "\x89PNG\r\n\x1a\n");
  world.given = WithLeavable(world.model("chat"), "README.md", "# Chat\n");
  const auto chat = world.Judge(passport);
  CheckPasses(chat);
  BOOST_CHECK(chat.passport == world.IdOf("chat"));
  world.given = base;  // of which the file is not the closure, but whose passport is found
  const auto verdict = world.Judge(passport);
  CheckRefused(verdict, 19, RejectReason::kSurplusStatement,
               "is not a statement that the passport");
  BOOST_CHECK(verdict.passport == world.IdOf("base"));
}

// Against work: each way to leave out files costs a digest.
BOOST_AUTO_TEST_CASE(passports_that_leave_out_files_in_too_many_ways_are_refused) {
  World world = FineTuneWorld();
  const std::vector<std::string> patterns = {"README.md", "LICENSE", "NOTICE", "USE_POLICY.md",
                                             "LICENSE.md"};
  for (const std::string& name : patterns) world.given = WithLeavable(*world.given, name, "x\n");
  for (unsigned i = 1; i <= 17; ++i) {
    std::string list;
    for (unsigned bit = 0; bit < patterns.size(); ++bit) {
      if ((i >> bit & 1) != 0) list += (list.empty() ? "" : ",") + Quoted(patterns[bit]);
    }
    Statement copy = world.At("base");
    copy.name += std::to_string(i);
    copy.nonce = std::string(30, 'd') + std::to_string(10 + i);
    copy.logged_late = true;
    world.story.push_back(copy);
    world.Set(copy.name, "/not_covered", "[" + list + "]");
  }
  const auto verdict = world.Judge();
  BOOST_REQUIRE(!verdict.findings.empty());
  BOOST_CHECK_EQUAL(verdict.findings.front().rule(), 18);
  BOOST_CHECK(verdict.findings.front().message.find("16 ways before it") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
