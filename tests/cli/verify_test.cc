#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Verify(std::vector<std::string> more = {}, const std::string& model = "model",
             const std::string& trust = "trust", const std::string& file = kFile) {
    more.insert(more.begin(), {"verify", model, "--passport", file, "--trust", trust});
    return world.Run(more);
  }
  // A verdict that is a no, for this reason.
  void CheckNo(const Ran& ran, const std::string& reason) {
    BOOST_CHECK_EQUAL(ran.status, 1);
    BOOST_CHECK_EQUAL(ran.err, "");
    BOOST_CHECK_MESSAGE(ran.out.find("; the reason: " + reason) != ran.out.npos, ran.out);
  }
  void CheckCouldNotTell(const Ran& ran, const std::string& message) {
    CheckFailed(ran, 3, message);
  }
  std::vector<std::string> RowNames(const std::string& text) {
    std::vector<std::string> names;
    for (const std::string& line : LinesOf(text)) {
      if (line[0] != ' ') names.push_back(line.substr(0, line.find("  ")));
    }
    return names;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verify, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_in_the_place_of_a_model_is_told) {
  CheckFailed(world.Run({"verify", "model", "model.passport.sigstore.jsonl", "--trust", "trust"}),
              2, "\"model.passport.sigstore.jsonl\" is a passport, not a model: --passport");
}

BOOST_AUTO_TEST_CASE(an_honest_passport_passes_top_down) {
  const Ran ran = Verify();
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  const std::vector<std::string> rows = {"model", "signatures",  "log",     "identity", "lineage",
                                         "time",  "compute",     "custody", "hardware", "policy",
                                         "level", "not checked", "decision"};
  const auto printed = RowNames(ran.out);
  BOOST_CHECK_EQUAL_COLLECTIONS(printed.begin(), printed.end(), rows.begin(), rows.end());
  BOOST_CHECK(ran.out.ends_with("\ndecision     pass\n"));
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = boost::json::parse(Verify({"--json", "--policy", "eu-gpai"}).out);
  BOOST_CHECK_EQUAL(
      NamesIn(json),
      "at attestations checkpoint cumulative decision findings findings_total included level "
      "model name not_checked now parameter_update passport policy policy_sha256 rows "
      "thresholds warnings");
  BOOST_CHECK_EQUAL(json.at("decision").as_string(), "pass");
  BOOST_CHECK_EQUAL(json.at("passport").as_string(), world.id("passport"));
  BOOST_CHECK_EQUAL(json.at("name").as_string(), "model");
  BOOST_CHECK_EQUAL(json.at("policy").as_string(), "eu-gpai");
  BOOST_CHECK_EQUAL(json.at("attestations").to_number<int>(), 8);
  BOOST_CHECK_EQUAL(json.at("model").as_string(),
                    world.Json({"digest", "model", "--json"}).at("model").as_string());
  BOOST_CHECK_EQUAL(NamesIn(json.at("checkpoint")), "origin root size");
  BOOST_CHECK_EQUAL(NamesIn(json.at("cumulative")), "flop lower_bound");
  // Two segments of 1,000 tokens, 76 parameters, 6 operations each.
  BOOST_CHECK_EQUAL(json.at("cumulative").at("flop").as_string(), "912000");
  BOOST_CHECK_EQUAL(NamesIn(json.at("level")), "missing name number");
  BOOST_CHECK_EQUAL(json.at("level").at("name").as_string(), "complete");
  BOOST_CHECK_EQUAL(NamesIn(json.at("rows").at(0)), "name status text");
  BOOST_CHECK_EQUAL(json.at("rows").as_array().size(), 10U);
  BOOST_CHECK_EQUAL(
      NamesIn(json.at("thresholds").at(0)),
      "bounds comparison limit lower lower_bound policy rule source state stated status "
      "threshold upper why");
  BOOST_CHECK_EQUAL(json.at("thresholds").at(0).at("state").as_string(), "not met");
  BOOST_CHECK_EQUAL(MustRun("sha256sum " CARNET_POLICIES "/eu-gpai.toml").substr(0, 64),
                    std::string(json.at("policy_sha256").as_string()));
}

BOOST_AUTO_TEST_CASE(a_no_has_its_reason_in_json) {
  world.Write("model/config.json", "{\"x\":1}\n");
  const Ran ran = Verify({"--json"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto json = boost::json::parse(ran.out);
  BOOST_CHECK_EQUAL(json.at("decision").as_string(), "fail");
  BOOST_CHECK_EQUAL(json.at("reason").as_string(), "files-differ-tensors-agree");
  const auto& finding = json.at("findings").at(0);
  BOOST_CHECK_EQUAL(finding.at("rule").as_string(), "R18");
  BOOST_CHECK(!finding.at("message").as_string().empty());
  BOOST_CHECK_GE(json.at("findings_total").to_number<int>(), 1);
}

struct Damage {
  const char* name;
  std::function<void(std::string&)> damage;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

const Damage kDamages[] = {
    {"empty", [](std::string& file) { file.clear(); }, "malformed-line (R1)"},
    {"truncated", [](std::string& file) { file.resize(file.size() / 2); }, "malformed-line (R1)"},
    {"trailing_garbage", [](std::string& file) { file += "x\n"; }, "malformed-bundle (R2)"},
    {"carriage_returns", [](std::string& file) { file.insert(file.find('\n'), "\r"); },
     "malformed-line (R1)"},
    {"byte_order_mark", [](std::string& file) { file.insert(0, "\xef\xbb\xbf"); },
     "malformed-line (R1)"},
    {"not_utf8", [](std::string& file) { file.insert(10, "\xff"); }, "malformed-bundle (R2)"},
    {"zeros", [](std::string& file) { file.assign(1000, '\0') += '\n'; }, "malformed-bundle (R2)"},
    {"a_line_left_out", [](std::string& file) { file.erase(0, file.find('\n') + 1); },
     "other-model"},
    {"a_line_twice", [](std::string& file) { file += file.substr(0, file.find('\n') + 1); },
     "duplicate-statement (R4)"},
};

BOOST_DATA_TEST_CASE_F(Fixture, whatever_the_passports_bytes_cause_is_a_no, kDamages, damage) {
  std::string file = world.Read(kFile);
  damage.damage(file);
  world.Write(kFile, file);
  CheckNo(Verify(), damage.reason);
}

BOOST_AUTO_TEST_CASE(whatever_the_models_files_cause_is_a_no) {
  world.Write("model/model.safetensors", TinyWeights('z'));
  CheckNo(Verify(), "other-model (R18)");
  world.Write("model/model.safetensors", "short");
  CheckNo(Verify(), "other-model (R18)");
  fs::create_symlink("/etc/hostname", world / "model/link");
  CheckFailed(Verify(), 1, "link: is a symbolic link");
}

BOOST_AUTO_TEST_CASE(the_callers_side_could_not_tell) {
  CheckCouldNotTell(Verify({}, "nothing"), "nothing");
  CheckCouldNotTell(Verify({}, "model", "nowhere"), "nowhere: no such folder");
  CheckCouldNotTell(Verify({}, "model", "trust", "missing.jsonl"), "missing.jsonl");
  CheckCouldNotTell(Verify({}, "model", "trust", "model"), "model");
  CheckCouldNotTell(Verify({"--policy", "nobodys"}),
                    "policies/nobodys.toml, and no shipped policy \"nobodys\": there are ");
  CheckCouldNotTell(Verify({"--policy", "missing.toml"}), "missing.toml");
  world.Write("bad.toml", "id = 1\n");
  CheckCouldNotTell(Verify({"--policy", "bad.toml"}), "bad.toml");
}

BOOST_AUTO_TEST_CASE(broken_trust_could_not_tell) {
  for (const auto& [file, content] :
       std::vector<std::pair<std::string, std::string>>{{"trust/trusted_root.json", "{}"},
                                                        {"trust/parties/lab.toml", "party = "},
                                                        {"trust/parties/lab.pub", "no key"},
                                                        {"trust/pins/p.checkpoint", "no note"},
                                                        {"trust/notes.txt", "not known here"}}) {
    fs::create_directories(world / "trust/pins");
    const bool existed = fs::exists(world / file);
    const std::string before = existed ? world.Read(file) : "";
    world.Write(file, content);
    CheckCouldNotTell(Verify(), fs::path(file).filename().string());
    fs::remove(world / file);
    if (existed) {
      CheckCouldNotTell(Verify(), "");
      world.Write(file, before);
    }
  }
  CheckDone(Verify());
}

BOOST_AUTO_TEST_CASE(policies_of_ones_own_come_first) {
  fs::create_directory(world / "trust/policies");
  const std::string own = R"(id = "house"
title = "t"
jurisdiction = "none"
subject = "s"
counting = "c"
checked_on = "2026-11-01"
[[threshold]]
id = "low"
rule = "r"
figure = "total"
edges = []
comparison = ">="
value = "1"
when_met = "refuse"
status = "in force"
from = "2026-01-01"
source = "ours"
)";
  world.Write("trust/policies/house.toml", own);
  CheckNo(Verify({"--policy", "house"}), "threshold-met (R38)");
  CheckDone(Verify({"--policy", "house", "--at", "2025-12-31"}));
  CheckNo(Verify({"--policy", "trust/policies/house.toml"}), "threshold-met (R38)");
}

BOOST_AUTO_TEST_CASE(the_trust_directorys_own_hub_default_is_part_of_every_policy) {
  fs::create_directory(world / "trust/policies");
  const std::string shipped = world.Must({"policy", "show", "hub-default"});
  world.Write("trust/policies/hub-default.toml",
              shipped + "[when_unattested]\nhardware = \"refuse\"\n");
  for (const char* policy : {"hub-default", "eu-gpai", "eu-systemic"}) {
    CheckNo(Verify({"--policy", policy}), "policy-requirement (R38)");
  }
  world.Write("trust/policies/hub-default.toml", "id = 1\n");
  CheckCouldNotTell(Verify({"--policy", "eu-gpai"}), "policies/hub-default.toml:1: id");
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  BOOST_CHECK_EQUAL(Verify({"--threads", "4"}).out, Verify().out);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_by_a_check) {
  const auto before = world.Files();
  CheckDone(Verify());
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verify_vsa, Fixture)

BOOST_AUTO_TEST_CASE(a_verdict_is_signed_and_logged) {
  const uint64_t size = world.TreeSize();
  const Ran ran = Verify({"--vsa", "v.json", "--key", "hub.key", "--ledger", "ledger"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "carnet: wrote v.json\n");
  BOOST_CHECK(ran.out.ends_with("decision     pass\n"));
  BOOST_CHECK_EQUAL(world.TreeSize(), size + 1);
  const auto statement = StatementIn(world.Read("v.json"));
  BOOST_CHECK_EQUAL(statement.at("predicate").at("verificationResult").as_string(), "PASSED");
  BOOST_CHECK_EQUAL(
      statement.at("predicate").at("inputAttestations").at(0).at("digest").at("sha256").as_string(),
      world.id("passport"));
  const std::string inspected = world.Must({"inspect", "v.json"});
  BOOST_CHECK_MESSAGE(
      inspected.find("\nresult      PASSED\nlevel       CARNET_LEVEL_2\n"
                     "policy      urn:carnet:policy:hub-default\n") != inspected.npos,
      inspected);
}

BOOST_AUTO_TEST_CASE(without_a_ledger_it_is_signed_only) {
  CheckDone(Verify({"--vsa", "v.json", "--key", "hub.key"}));
  const auto bundle = boost::json::parse(world.Read("v.json"));
  BOOST_CHECK(!bundle.at("verificationMaterial").as_object().contains("tlogEntries"));
}

BOOST_AUTO_TEST_CASE(a_no_about_the_passport_is_signed_as_one) {
  std::string file = world.Read(kFile);
  file += file.substr(0, file.find('\n') + 1);
  world.Write(kFile, file);
  const Ran ran = Verify({"--vsa", "v.json", "--key", "hub.key", "--policy", "eu-gpai"});
  BOOST_CHECK_EQUAL(ran.status, 1);
}

BOOST_AUTO_TEST_CASE(a_no_stays_a_no_where_it_cannot_be_signed) {
  world.Write("model/model.safetensors", TinyWeights('z'));
  const Ran ran = Verify({"--vsa", "v.json", "--key", "hub.key"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.out.find("other-model (R18)") != std::string::npos);
  BOOST_CHECK(
      ran.err.starts_with("carnet: error: the verdict cannot be signed: the file has no passport"));
  BOOST_CHECK(!fs::exists(world / "v.json"));
}

BOOST_AUTO_TEST_CASE(a_yes_that_cannot_be_signed_is_not_told) {
  const uint64_t size = world.TreeSize();
  const auto files = world.Files();
  CheckFailed(Verify({"--vsa", "v.json", "--key", "missing.key"}), 3, "missing.key");
  CheckFailed(Verify({"--vsa", "run.json", "--key", "hub.key"}), 3,
              "run.json: the file already exists (--force overwrites it)");
  CheckFailed(Verify({"--vsa", "nowhere/v.json", "--key", "hub.key"}), 3, "nowhere/v.json");
  CheckFailed(Verify({"--vsa", "v.json", "--key", "hub.key", "--ledger", "nowhere"}), 3, "nowhere");
  BOOST_CHECK(world.Files() == files);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verify_elsewhere, Fixture)

BOOST_AUTO_TEST_CASE(cosign_verifies_a_line,
                     *boost::unit_test::precondition(HasProgram("cosign"))) {
  for (const std::string& line : LinesOf(world.Read(kFile))) {
    const auto statement = StatementIn(line);
    if (statement.at("predicateType") != "urn:carnet:passport:v1") continue;
    world.Write("line.sigstore.json", line + "\n");
    const std::string digest(statement.at("subject").at(0).at("digest").at("sha256").as_string());
    const std::string common =
        "cd " + (world / "") +
        " && cosign verify-blob-attestation --bundle line.sigstore.json --trusted-root "
        "trust/trusted_root.json --type urn:carnet:passport:v1 --digestAlg sha256 --digest " +
        digest;
    MustRun(common + " --key lab.pub");
    BOOST_CHECK_NE(RunCommand(common + " --key cloud.pub").status, 0);
    return;
  }
  BOOST_FAIL("no passport line");
}

BOOST_AUTO_TEST_SUITE_END()
