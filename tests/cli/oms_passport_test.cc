// The root of OpenSSF Model Signing in a passport, and `model.sig` and `claims.jsonl` beside it.
// Expectations come from openssl, coreutils and Python.
#include <algorithm>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

constexpr char kPassport[] = "model.passport.sigstore.jsonl";

// SHA-256 over the raw digests of these files of `model`, in the order given.
std::string RootOf(const CliWorld& world, const std::vector<std::string>& files) {
  std::string command = "cd '" + (world / "model") + "' && cat /dev/null";
  for (const std::string& file : files) command += " && openssl dgst -sha256 -binary " + file;
  return MustRun("{ " + command + "; } | sha256sum").substr(0, 64);
}

struct Fixture {
  CliWorld world{Stage::kCompleted};

  Fixture() { WriteDraft(""); }

  void WriteDraft(const std::string& more) {
    world.Write("passport.json",
                R"({"name":"model","intended_deployment":"research")" + more + "}");
  }
  Ran Issue(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"passport", "issue", "model", "--draft", "passport.json", "--run",
                               "run1", "--trust", "trust"});
    return world.Sign(more);
  }
  // Of the file that was issued.
  boost::json::object Statement() const { return StatementIn(LinesOf(world.Read(kPassport))[0]); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_passport, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_is_about_the_oms_root_of_its_files) {
  world.Write("model/README.md", "not covered\n");
  world.Write("model/.gitattributes", "x\n");
  CheckDone(Issue());
  const auto statement = Statement();
  std::vector<std::string> files;
  for (const auto& file : statement.at("predicate").at("files").as_array()) {
    files.emplace_back(file.at("path").as_string());
  }
  BOOST_REQUIRE(!files.empty());
  const std::string root = RootOf(world, files);
  BOOST_CHECK_EQUAL(statement.at("predicate").at("oms_root").as_string(), root);
  std::vector<std::string> names;
  for (const auto& subject : statement.at("subject").as_array()) {
    names.emplace_back(subject.at("name").as_string());
    if (names.back() != "oms") continue;
    BOOST_CHECK_EQUAL(subject.at("digest").at("sha256").as_string(), root);
  }
  const auto oms = std::find(names.begin(), names.end(), "oms");
  BOOST_REQUIRE(oms != names.end() && oms != names.begin() && oms + 1 != names.end());
  BOOST_CHECK((oms - 1)->starts_with("tensors/"));
  BOOST_CHECK((oms + 1)->starts_with("files/"));
}

BOOST_AUTO_TEST_CASE(the_root_is_what_carnet_digest_and_oms_digest_print) {
  world.Write("model/README.md", "not covered\n");
  CheckDone(Issue());
  const auto root = Statement().at("predicate").at("oms_root").as_string();
  BOOST_CHECK_EQUAL(world.Json({"digest", "model", "--json"}).at("oms_root").as_string(), root);
  const auto oms = world.Json({"oms", "digest", "model", "--ignore-paths", "README.md", "--json"});
  BOOST_CHECK_EQUAL(oms.at("root").as_string(), root);
}

BOOST_AUTO_TEST_CASE(a_draft_may_state_the_root_but_no_other_one) {
  WriteDraft(R"(,"oms_root":")" + std::string(64, '0') + '"');
  const uint64_t size = world.TreeSize();
  CheckFailed(Issue(), 1, "oms_root is sha256:00000000…, but sha256:");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  const auto digest = world.Json({"digest", "model", "--json"});
  WriteDraft(R"(,"oms_root":")" + std::string(digest.at("oms_root").as_string()) + '"');
  CheckDone(Issue());
}

BOOST_AUTO_TEST_SUITE_END()
