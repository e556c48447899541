#include "core/hex.h"
#include "tests/cli/cli_world.h"
#include "tests/support/party_keys.h"

using namespace carnet::test;

namespace {

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Find(std::vector<std::string> more) {
    more.insert(more.begin(), {"find", "--ledger", "ledger"});
    return world.Run(more);
  }
  // Ids, in the order in which they are listed.
  std::vector<std::string> Ids(std::vector<std::string> more) {
    more.emplace_back("--json");
    const Ran ran = Find(more);
    CheckDone(ran);
    std::vector<std::string> ids;
    const auto json = boost::json::parse(ran.out);
    for (const auto& statement : json.at("statements").as_array())
      ids.emplace_back(statement.at("statement").as_string());
    return ids;
  }
  using List = std::vector<std::string>;
  std::string Id(const std::string& name) { return world.id(name); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(find, Fixture)

BOOST_AUTO_TEST_CASE(models_are_found_by_what_they_rest_on) {
  const List model = {Id("passport")};
  BOOST_CHECK(Ids({"--dataset", Id("dataset")}) == model);
  BOOST_CHECK(Ids({"--dataset", "sha256:" + Id("dataset").substr(0, 8)}) == model);
  BOOST_CHECK(Ids({"--device", Id("device")}) == model);
  BOOST_CHECK(Ids({"--allocation", Id("allocation")}) == model);
  BOOST_CHECK(Ids({"--parent", Id("passport")}).empty());
  // By one of its files.
  const auto statement =
      boost::json::parse(world.Must({"show", Id("dataset"), "--ledger", "ledger", "--json"}));
  const auto& file = statement.at("text").at("predicate").at("files").at(0);
  BOOST_CHECK(Ids({"--dataset", std::string(file.at("sha256").as_string())}) == model);
}

BOOST_AUTO_TEST_CASE(runs_of_a_device_by_its_canonical_id) {
  const auto device = boost::json::parse(world.Read("device.json"));
  const std::string canonical(device.at("id").as_string());
  BOOST_CHECK(Ids({"--device", canonical, "--kind", "run"}) == List{Id("run")});
  BOOST_CHECK(Ids({"--device", canonical, "--kind", "segment"}) ==
              (List{Id("segment0"), Id("segment1")}));
  CheckFailed(Find({"--device", "aws:i-0123456789abcdef0"}), 3, "is no device in this ledger");
}

BOOST_AUTO_TEST_CASE(statements_of_a_key_and_of_a_party) {
  const std::string cloud = carnet::HexEncode(KeyNamed("cloud").id().span());
  BOOST_CHECK(Ids({"--key", "key:" + cloud.substr(0, 10), "--kind", "device"}) ==
              List{Id("device")});
  BOOST_CHECK(Ids({"--party", "lab", "--trust", "trust"}) == List{Id("passport")});
  BOOST_CHECK(Ids({"--party", "cloud", "--trust", "trust", "--kind", "allocation"}) ==
              List{Id("allocation")});
  CheckFailed(Find({"--party", "nobody", "--trust", "trust"}), 3, "has no party \"nobody\"");
  CheckFailed(Find({"--party", "lab", "--trust", "nowhere"}), 3, "nowhere");
}

BOOST_AUTO_TEST_CASE(what_changed_since_a_size_or_a_day) {
  const uint64_t size = world.TreeSize();
  BOOST_CHECK(Ids({"--since-size", std::to_string(size - 2)}) ==
              (List{Id("completion"), Id("passport")}));
  BOOST_CHECK(Ids({"--since-size", std::to_string(size)}).empty());
  BOOST_CHECK_EQUAL(Ids({"--since-size", "0"}).size(), size);
  BOOST_CHECK_EQUAL(Ids({"--since", "2020-01-01"}).size(), size);
  BOOST_CHECK(Ids({"--since", "2999-01-01"}).empty());
  BOOST_CHECK(Ids({"--since-size", "0", "--kind", "dataset"}) == List{Id("dataset")});
  const Ran cut = Find({"--since-size", "0", "--limit", "3"});
  BOOST_CHECK_MESSAGE(cut.out.find("\nthere are more: --since-size 3\n") != cut.out.npos, cut.out);
}

BOOST_AUTO_TEST_CASE(a_table_says_who_and_that_nothing_was_verified) {
  const Ran ran = Find({"--dataset", Id("dataset"), "--trust", "trust"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  BOOST_CHECK(ran.out.starts_with("statement"));
  BOOST_CHECK_MESSAGE(
      ran.out.find("Z  lab  \"model\"\n1 statement in a ledger of ") != ran.out.npos, ran.out);
  BOOST_CHECK(ran.out.find("nothing was verified: ") != ran.out.npos);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = world.Json(
      {"find", "--dataset", Id("dataset"), "--ledger", "ledger", "--trust", "trust", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json), "statements strangers tree_size verified");
  BOOST_CHECK_EQUAL(NamesIn(json.at("statements").at(0)),
                    "created flop index kind label models_between party signer statement");
  BOOST_CHECK_EQUAL(NamesIn(world.Json({"find", "--since-size", "0", "--limit", "1", "--ledger",
                                        "ledger", "--json"})),
                    "next statements strangers tree_size verified");
}

BOOST_AUTO_TEST_CASE(options_that_do_not_go_together_are_wrong_usage) {
  CheckFailed(Find({}), 2, "expected one of --dataset");
  CheckFailed(Find({"--kind", "run"}), 2, "expected one of --dataset");
  CheckFailed(Find({"--dataset", Id("dataset"), "--device", Id("device")}), 2,
              "only one of --dataset");
  CheckFailed(Find({"--party", "lab"}), 2,
              "--party requires a trust directory: --trust, CARNET_TRUST");
  CheckFailed(Find({"--dataset", "12"}), 2, "is not a digest");
  CheckFailed(Find({"--dataset", Id("dataset"), "--kind", "verdict"}), 2, "--kind verdict");
  CheckFailed(Find({"--dataset", Id("dataset"), "--kind", "bogus"}), 2, "--kind");
  CheckFailed(Find({"--since", "yesterday"}), 2, "--since: not a date");
  CheckFailed(Find({"--since-size", "-1"}), 2, "--since-size");
  CheckFailed(Find({"--since-size", "0", "--limit", "0"}), 2, "--limit");
}

BOOST_AUTO_TEST_CASE(a_thing_that_is_not_there_could_not_be_found) {
  CheckFailed(Find({"--dataset", "777777"}), 3, "begins with sha256:777777");
  CheckFailed(Find({"--dataset", Id("run")}), 1, "is a run, not a dataset");
  CheckFailed(Find({"--key", "lab"}), 1, "is not a signer");
  CheckFailed(world.Run({"find", "--since-size", "0", "--ledger", "nowhere"}), 3, "nowhere/db");
}

BOOST_AUTO_TEST_SUITE_END()
