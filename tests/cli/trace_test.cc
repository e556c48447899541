#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Trace(std::vector<std::string> more = {}, const std::string& subject = "") {
    more.insert(more.begin(),
                {"trace", subject.empty() ? world.id("passport") : subject, "--ledger", "ledger"});
    return world.Run(more);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trace, Fixture)

BOOST_AUTO_TEST_CASE(a_tree_is_the_default) {
  const Ran ran = Trace();
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("passport \"model\", says key:"));
  BOOST_CHECK(Trace({"--trust", "trust"}).out.starts_with("passport \"model\", says lab  sha256:"));
  BOOST_CHECK(ran.out.ends_with("nothing was verified: this is what the ledger contains\n"));
  BOOST_CHECK_EQUAL(Trace({"--format", "tree"}).out, ran.out);
  BOOST_CHECK_EQUAL(Trace({}, "sha256:" + world.id("passport")).out, ran.out);
}

BOOST_AUTO_TEST_CASE(a_model_is_its_passports_subject) {
  const auto digest = world.Json({"digest", "model", "--json"});
  BOOST_CHECK_EQUAL(Trace({}, std::string(digest.at("model").as_string())).out, Trace().out);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = boost::json::parse(Trace({"--format", "json", "--policy", "eu-gpai"}).out);
  BOOST_CHECK_EQUAL(NamesIn(json), "edges nodes other_passports sums unknown_parents verified");
  BOOST_CHECK_EQUAL(json.at("nodes").as_array().size(), 8U);
  BOOST_CHECK_EQUAL(NamesIn(json.at("nodes").at(0)), "flop index kind label signer statement");
  BOOST_CHECK_EQUAL(NamesIn(json.at("edges").at(0)), "from label to");
  BOOST_CHECK_EQUAL(NamesIn(json.at("sums").at(0)),
                    "figure flop limit lower_bound policy threshold");
  BOOST_CHECK_EQUAL(json.at("sums").at(0).at("flop").as_string(), "912000");
}

BOOST_AUTO_TEST_CASE(first_digits_are_enough) {
  const std::string whole = Trace().out;
  BOOST_CHECK_EQUAL(Trace({}, world.id("passport").substr(0, 6)).out, whole);
  BOOST_CHECK_EQUAL(Trace({}, "sha256:" + world.id("passport").substr(0, 12)).out, whole);
  CheckFailed(Trace({}, "777777"), 3, "no statement or subject in this ledger begins with");
  CheckFailed(Trace({}, "77777"), 2, "expected 6 to 64 lowercase hex digits");
}

BOOST_AUTO_TEST_CASE(a_data_set_is_traced_to_the_models_made_with_it) {
  const std::string tree = Trace({"--trust", "trust"}, world.id("dataset")).out;
  BOOST_CHECK_MESSAGE(tree.find("\nused by\n  run pre-training, by lab  sha256:") != tree.npos,
                      tree);
  BOOST_CHECK(tree.find("passport \"model\", says lab  sha256:") != tree.npos);
  const std::string back = Trace({"--direction", "ancestors"}, world.id("dataset")).out;
  BOOST_CHECK(back.find("used by") == back.npos);
  const auto json = boost::json::parse(
      Trace({"--direction", "descendants", "--format", "json"}, world.id("device")).out);
  BOOST_CHECK_EQUAL(NamesIn(json),
                    "edges nodes other_passports sums unknown_parents uses verified");
  BOOST_CHECK_EQUAL(NamesIn(json.at("uses")), "edges nodes starts strangers");
}

BOOST_AUTO_TEST_CASE(svg_is_drawn_by_dot, *boost::unit_test::precondition(HasProgram("dot"))) {
  CheckDone(Trace({"--format", "svg", "--out", "lineage.svg"}));
  BOOST_CHECK(world.Read("lineage.svg").find("<svg") != std::string::npos);
  CheckFailed(Trace({"--format", "svg", "--out", "lineage.svg"}), 3,
              "lineage.svg: the file already exists");
  CheckDone(Trace({"--format", "svg", "--out", "lineage.svg", "--force"}));
}

BOOST_AUTO_TEST_CASE(without_dot_there_is_a_hint) {
  world.carnet().Set("PATH", "/nowhere");
  CheckFailed(Trace({"--format", "svg", "--out", "lineage.svg"}), 3, "dot is not installed");
  BOOST_CHECK(!fs::exists(world / "lineage.svg"));
  CheckDone(Trace({"--format", "dot"}));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_could_not_be_traced) {
  const std::string nowhere(64, '7');
  CheckFailed(Trace({}, nowhere), 3, "sha256:" + nowhere + " is neither a statement");
  CheckFailed(world.Run({"trace", nowhere, "--ledger", "nowhere"}), 3, "nowhere/db");
  CheckFailed(Trace({"--policy", "nobodys"}), 3, "nobodys");
  CheckFailed(Trace({"--trust", "nowhere"}), 3, "nowhere");
}

BOOST_AUTO_TEST_SUITE_END()
