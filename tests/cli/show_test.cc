#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Show(const std::string& id, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"show", id, "--ledger", "ledger"});
    return world.Run(more);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(show, Fixture)

BOOST_AUTO_TEST_CASE(a_statement_is_shown_by_its_first_digits) {
  const Ran whole = Show(world.id("run"));
  CheckDone(whole);
  BOOST_CHECK(
      whole.out.starts_with("statement   sha256:" + world.id("run") + "\nkind        run\n"));
  BOOST_CHECK(whole.out.ends_with("nothing was verified: this is what the ledger contains\n"));
  BOOST_CHECK_EQUAL(whole.err, "");
  BOOST_CHECK_EQUAL(Show(world.id("run").substr(0, 6)).out, whole.out);
  BOOST_CHECK_EQUAL(Show("sha256:" + world.id("run")).out, whole.out);
}

BOOST_AUTO_TEST_CASE(of_a_models_digest_its_passport_is_shown) {
  const std::string digest(world.Json({"digest", "model", "--json"}).at("model").as_string());
  const Ran ran = Show(digest);
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, Show(world.id("passport")).out);
  BOOST_CHECK(ran.err.find("one statement about that digest") != ran.err.npos);
}

BOOST_AUTO_TEST_CASE(trust_names_the_parties) {
  const Ran ran = Show(world.id("segment1"), {"--trust", "trust"});
  CheckDone(ran);
  for (const char* part : {"signer      lab, key:", "(device \"1 x ", ", says cloud)"})
    BOOST_CHECK_MESSAGE(ran.out.find(part) != ran.out.npos, part << " is not in\n" << ran.out);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = world.Json({"show", world.id("segment0"), "--ledger", "ledger", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json),
                    "created flop index indices kind label more_referrers references referrers run "
                    "signer statement subjects text tree_size verified");
  BOOST_CHECK_EQUAL(NamesIn(json.at("subjects").at(0)), "name sha256");
  BOOST_CHECK_EQUAL(json.at("text").at("predicateType").as_string(), "urn:carnet:segment:v1");
}

BOOST_AUTO_TEST_CASE(an_erased_text_is_shown_as_erased) {
  world.Must({"ledger", "erase-text", "ledger", world.id("device"), "--reason", "a court"});
  const Ran ran = Show(world.id("device"));
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("text        erased since ") != ran.out.npos);
  BOOST_CHECK(ran.out.find(": \"a court\"\n") != ran.out.npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_could_not_be_shown) {
  CheckFailed(Show(std::string(64, '7')), 3, "is neither a statement in this ledger");
  CheckFailed(Show("777777"), 3, "begins with sha256:777777");
  CheckFailed(Show("12"), 2, "is not a digest");
  CheckFailed(Show(world.id("run"), {"--trust", "nowhere"}), 3, "nowhere");
}

BOOST_AUTO_TEST_SUITE_END()
