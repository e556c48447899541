// The commands that only report: flops, policy, inspect.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  boost::json::value Json(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    const Ran ran = carnet.Run(arguments);
    CheckDone(ran);
    return boost::json::parse(ran.out);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(flops, Fixture)

BOOST_AUTO_TEST_CASE(hardware_in_words) {
  // 70,000 chips, 30 days of 86,400 s, 40 % of 989.4e12 or so: the peak is the catalogue's.
  const auto json = Json(
      {"flops", "--chip", "h100-sxm5", "--units", "70000", "--days", "30", "--utilisation", "0.4"});
  const auto& figure = json.at("figures").at(0);
  BOOST_CHECK_EQUAL(NamesIn(json), "figures");
  BOOST_CHECK_EQUAL(NamesIn(figure), "flop formula method two_significant_figures");
  BOOST_CHECK_EQUAL(figure.at("method").as_string(), "hardware");
  BOOST_CHECK_EQUAL(figure.at("two_significant_figures").as_string(), "7.2e25");
}

BOOST_AUTO_TEST_CASE(parameters_and_tokens_in_words) {
  const Ran ran = carnet.Run({"flops", "--parameters", "405e9", "--tokens", "15.6e12"});
  CheckDone(ran);
  // 6 * 405e9 * 15.6e12
  BOOST_CHECK(ran.out.find("  = 37908000000000000000000000 FLOP\n") != std::string::npos);
  BOOST_CHECK(ran.out.find("  = 3.8e25 FLOP at 2 significant figures\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(both_methods_at_once) {
  const auto json = Json(
      {"flops", "--chip", "h100-sxm5", "--hours", "1", "--parameters", "1e9", "--tokens", "1e9"});
  BOOST_CHECK_EQUAL(json.at("figures").as_array().size(), 2U);
}

BOOST_AUTO_TEST_CASE(this_machine_in_words) {
  const auto json = Json({"flops", "--this-machine"});
  BOOST_CHECK_EQUAL(NamesIn(json), "arithmetic cpu peak vendor");
  BOOST_CHECK(carnet.Run({"flops", "--this-machine"})
                  .out.find(std::string(json.at("arithmetic").as_string())) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_chip_lists_the_known) {
  CheckFailed(carnet.Run({"flops", "--chip", "bogus", "--days", "1"}), 3, "h100-sxm5");
  CheckFailed(carnet.Run({"flops", "--chip", "h100-sxm5", "--days", "1", "--precision", "fp1"}), 3,
              "--precision fp1");
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_cannot_be_read_is_named) {
  folder.Write("chips.csv", "no catalogue\n");
  const auto with = [&](const char* file) {
    return carnet.Run({"flops", "--chip", "x", "--days", "1", "--chips", file});
  };
  CheckFailed(with("chips.csv"), 3, "chips.csv");
  CheckFailed(with("missing.csv"), 3, "missing.csv");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(policy, Fixture)

BOOST_AUTO_TEST_CASE(the_shipped_are_listed) {
  const auto json = Json({"policy", "list"});
  std::string ids;
  for (const auto& policy : json.at("policies").as_array()) {
    BOOST_CHECK_EQUAL(NamesIn(policy), "checked_on id jurisdiction sha256 thresholds title");
    ids += std::string(policy.at("id").as_string()) + " ";
  }
  BOOST_CHECK_EQUAL(ids, "eu-gpai eu-systemic hub-complete hub-default ");
  const Ran ran = carnet.Run({"policy", "list"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("> 1.0e23 FLOP, in force since 2025-08-02") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_is_shown_as_its_file_states_it) {
  const std::string file = std::string(CARNET_POLICIES) + "/eu-gpai.toml";
  const Ran ran = carnet.Run({"policy", "show", "eu-gpai"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, MustRun("cat " + file));
  const auto json = Json({"policy", "show", "eu-gpai"});
  BOOST_CHECK_EQUAL(json.at("sha256").as_string(), MustRun("sha256sum " + file).substr(0, 64));
  BOOST_CHECK_EQUAL(NamesIn(json.at("thresholds").at(0)),
                    "comparison flop from id rule source status until");
  BOOST_CHECK_EQUAL(json.at("thresholds").at(0).at("flop").as_string(), "100000000000000000000000");
}

BOOST_AUTO_TEST_CASE(unknown_or_broken_ones_are_named) {
  CheckFailed(carnet.Run({"policy", "show", "nobodys"}), 3, "nobodys");
  BOOST_CHECK_EQUAL(carnet.Run({"policy", "show", "nobodys", "--json"}).status, 3);
  std::filesystem::create_directories(folder / "trust/policies");
  folder.Write("trust/policies/own.toml", "id = ");
  CheckFailed(carnet.Run({"policy", "list", "--trust", "trust"}), 3, "own.toml");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(inspect)

namespace {

std::string Fact(const boost::json::object& inspected, const std::string& name) {
  BOOST_CHECK(!inspected.at("verified").as_bool());
  for (const auto& fact : inspected.at("facts").as_array()) {
    BOOST_CHECK_EQUAL(NamesIn(fact), "name value");
    if (fact.at("name").as_string() == name) return std::string(fact.at("value").as_string());
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_file_in_words) {
  CliWorld world(Stage::kPassport);
  CheckDone(world.Run({"keygen", "--out", "locked"}));
  for (const auto& [file, what] : std::vector<std::pair<std::string, std::string>>{
           {"model.passport.sigstore.jsonl", "passport, 8 attestations"},
           {"run1/run.sigstore.json", "bundle v0.3, one attestation"},
           {"ledger/guard/checkpoint", "checkpoint"},
           {"lab.pub", "public key, ECDSA P-256"},
           {"lab.key", "private key, PKCS#8, NOT encrypted"},
           {"locked.key", "private key, encrypted in cosign's format"},
           {"trust/trusted_root.json", "trusted root"}}) {
    BOOST_TEST_CONTEXT(file) {
      BOOST_CHECK_EQUAL(Fact(world.Json({"inspect", file, "--json"}), "file"), what);
      const std::string text = world.Must({"inspect", file});
      BOOST_CHECK(text.starts_with("file        " + what + "\n"));
      BOOST_CHECK(text.ends_with("\nnothing was verified\n"));
    }
  }
  const auto run = world.Json({"inspect", "run1/run.sigstore.json", "--json"});
  BOOST_CHECK_EQUAL(Fact(run, "statement"), world.id("run"));
  BOOST_CHECK_EQUAL(Fact(run, "kind"), "run");
  const auto checkpoint = world.Json({"inspect", "ledger/guard/checkpoint", "--json"});
  BOOST_CHECK_EQUAL(Fact(checkpoint, "tree size"), std::to_string(world.TreeSize()));
  const auto key = world.Json({"inspect", "lab.pub", "--json"});
  BOOST_CHECK_EQUAL(Fact(key, "key id"),
                    "key:" + MustRun("openssl pkey -pubin -in " + (world / "lab.pub") +
                                     " -outform DER | sha256sum")
                                 .substr(0, 64));
}

BOOST_AUTO_TEST_CASE(what_is_none_of_them_is_refused) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  for (
      const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
          {"empty", ""},
          {"text", "hello\n"},
          {"bytes", std::string("\xff\xfe\x00\x01", 4)},
          {"object", "{}"},
          {"broken.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
          {"lines", "{}\n{}\n"},
          {"root",
           R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":1})"}}) {
    folder.Write(name, content);
    CheckFailed(carnet.Run({"inspect", name}), 1, name + ": ");
  }
  CheckFailed(carnet.Run({"inspect", "missing"}), 3, "missing");
}

BOOST_AUTO_TEST_CASE(hostile_text_is_shown_as_bytes) {
  CliWorld world(Stage::kPassport);
  std::string bundle = world.Read("run1/run.sigstore.json");
  const std::string type = "application/vnd.in-toto+json";
  bundle.replace(bundle.find(type), type.size(), "\\u001b[31m\\u202e");
  world.Write("hostile.json", bundle);
  const auto inspected = world.Json({"inspect", "hostile.json", "--json"});
  BOOST_CHECK_EQUAL(Fact(inspected, "payload"), "\\x1b[31m\\xe2\\x80\\xae");
}

BOOST_AUTO_TEST_SUITE_END()
