// claims.jsonl in a model's folder: `passport issue --claims` and `carnet verify` without a file.
#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kClaims[] = "model/claims.jsonl";
constexpr char kPassport[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kCompleted};

  Fixture() { WriteDraft(""); }

  void WriteDraft(const std::string& more) {
    world.Write("passport.json",
                R"({"name":"model","intended_deployment":"research")" + more + "}");
  }
  Ran Issue(std::vector<std::string> more = {"--claims", kClaims}) {
    more.insert(more.begin(), {"passport", "issue", "model", "--draft", "passport.json", "--run",
                               "run1", "--trust", "trust"});
    return world.Sign(more);
  }
  // By the claims, as the passport file is gone.
  Ran Verify(std::vector<std::string> more = {}) {
    fs::remove(world / kPassport);
    more.insert(more.begin(), {"verify", "model", "--trust", "trust"});
    return world.Run(more);
  }
  void CheckPassesByClaims(const std::string& shown = "") {
    const Ran ran = Verify();
    CheckDone(ran);
    BOOST_CHECK_MESSAGE(ran.out.find(shown) != ran.out.npos, ran.out);
  }
  void Append(const std::string& text) { world.Write(kClaims, world.Read(kClaims) + text); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(claims, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_that_was_appended_is_found_and_verified) {
  const Ran ran = Issue();
  CheckDone(ran);
  BOOST_CHECK(ran.err.ends_with("carnet: appended 8 lines to model/claims.jsonl\n"));
  BOOST_CHECK_EQUAL(world.Read(kClaims), world.Read(kPassport));
  CheckPassesByClaims("claims.jsonl: not covered by the model digest");
  CheckDone(world.Run({"verify", "model", "--passport", kClaims, "--trust", "trust"}));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_appends_nothing) {
  CheckDone(Issue());
  const auto files = world.Files();
  const Ran again = Issue();
  CheckDone(again);
  BOOST_CHECK(again.err.find("there before: the passport in model/claims.jsonl") != again.err.npos);
  BOOST_CHECK(world.Files() == files);
}

BOOST_AUTO_TEST_CASE(what_is_there_stays_byte_for_byte) {
  const std::string before = "{ \"somebody\": \"else's\" }\r\n\n\xff no lf";
  world.Write(kClaims, before);
  CheckDone(Issue());
  BOOST_CHECK_EQUAL(world.Read(kClaims), before + "\n" + world.Read(kPassport));
  CheckPassesByClaims("claims.jsonl: 2 unreadable lines, not judged: line 1 (");
}

// Lines that are no longer good are no reason to say nothing.
BOOST_AUTO_TEST_CASE(a_damaged_passport_is_appended_again) {
  CheckDone(Issue());
  auto lines = LinesOf(world.Read(kClaims));
  lines.erase(lines.begin() + 3);
  world.Write(kClaims, Joined(lines));
  const Ran damaged = Verify();
  BOOST_CHECK_EQUAL(damaged.status, 1);
  BOOST_CHECK(damaged.out.find("missing-statement") != damaged.out.npos);
  CheckDone(Issue());
  BOOST_CHECK_EQUAL(LinesOf(world.Read(kClaims)).size(), 15U);
  CheckPassesByClaims();
}

// The log has grown in between: receipts of two checkpoints would be two views of it (R10).
BOOST_AUTO_TEST_CASE(receipts_of_one_passport_are_taken_from_one_time) {
  const Ran issued = Issue();
  CheckDone(issued);
  world.Write("another.json", R"({"name":"another","sources":[{"kind":"licensed"}]})");
  CheckDone(
      world.Sign({"attest", "--kind", "dataset", "another.json", "--files", "data", "--out", "o"}));
  const std::string id = issued.out.substr(0, 64);
  const std::string later =
      world.Must({"passport", "collect", id, "--ledger", "ledger", "--out", "-"});
  const std::string before = world.Read(kClaims);
  BOOST_REQUIRE(later != before);
  Append(later);
  CheckPassesByClaims();
  world.Write(kClaims, later + before);
  CheckPassesByClaims();
}

BOOST_AUTO_TEST_CASE(others_are_named_by_kind_and_signer) {
  CheckDone(Issue({"--claims", kClaims, "--oms"}));
  Append(world.Read("model/model.sig"));
  const std::string hint = MustRun("sha256sum '" + (world / "lab.pub") + "'").substr(0, 64);
  CheckPassesByClaims("claims.jsonl: 1 claim of another kind, not judged: OMS signature by key \"" +
                      hint + "\"");
  const auto json = boost::json::parse(Verify({"--json"}).out);
  const std::string all = boost::json::serialize(json.at("not_checked"));
  BOOST_CHECK(all.find("OMS signature by key") != all.npos);
}

BOOST_AUTO_TEST_CASE(the_passport_that_supersedes_is_the_one) {
  const Ran first = Issue();
  CheckDone(first);
  WriteDraft(R"(,"version":"2","supersedes":")" + first.out.substr(0, 64) + '"');
  const Ran second = Issue({"--claims", kClaims, "--force"});
  CheckDone(second);
  BOOST_CHECK_EQUAL(LinesOf(world.Read(kClaims)).size(), 16U);
  const Ran ran = Verify({"--json"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(boost::json::parse(ran.out).at("passport").as_string(),
                    second.out.substr(0, 64));
}

BOOST_AUTO_TEST_CASE(a_passport_file_goes_before_the_claims) {
  CheckDone(Issue());
  world.Write(kClaims, "{}\n");
  CheckDone(world.Run({"verify", "model", "--trust", "trust"}));
  const Ran ran = Verify();
  CheckFailed(ran, 3, "claims.jsonl: no passport among 0 Carnet statements and 1 line that");
}

BOOST_AUTO_TEST_CASE(changed_files_are_a_no) {
  CheckDone(Issue());
  world.Write("model/config.json", "{\"changed\":1}\n");
  const Ran ran = Verify();
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.out.find("other-model") != ran.out.npos ||
              ran.out.find("files-differ-tensors-agree") != ran.out.npos);
}

BOOST_AUTO_TEST_CASE(claims_that_would_be_part_of_the_model_are_refused_before_anything_is_logged) {
  const uint64_t size = world.TreeSize();
  CheckFailed(
      Issue({"--claims", "model/other.jsonl"}), 1,
      "model/other.jsonl: nobody looks for claims in a file that is not called claims.jsonl");
  fs::create_directory(world / "model/deeper");
  CheckFailed(
      Issue({"--claims", "model/deeper/claims.jsonl"}), 1,
      "model/deeper/claims.jsonl: would be part of the model; only claims.jsonl at the top");
  fs::create_symlink("elsewhere", world / kClaims);
  CheckFailed(Issue(), 1, "claims.jsonl: is a symbolic link");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  BOOST_CHECK(!fs::exists(world / "model/elsewhere"));
}

BOOST_AUTO_TEST_CASE(another_call_at_work_is_waited_for) {
  const std::string here = "cd '" + (world / "") + "' && ";
  MustRun(here + "flock model sleep 3 > /dev/null 2>&1 & sleep 0.3");
  const Ran ran = Issue({"--claims", kClaims, "--wait", "0"});
  CheckFailed(ran, 1, "model/claims.jsonl: another call is appending to it");
  CheckDone(Issue({"--claims", kClaims, "--wait", "30"}));
}

BOOST_AUTO_TEST_CASE(json_names_the_claims) {
  const auto json = world.SignJson({"passport", "issue", "model", "--draft", "passport.json",
                                    "--run", "run1", "--trust", "trust", "--claims", kClaims});
  BOOST_CHECK_EQUAL(json.at("claims").as_string(), kClaims);
}

BOOST_AUTO_TEST_SUITE_END()
