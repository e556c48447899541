// `carnet trust add`, `add-log`, `check`.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "crypto/pem.h"
#include "tests/cli/cli_world.h"
#include "tests/support/party_keys.h"
#include "tests/support/vectors.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

// A trust directory that loads, and keys that it does not list.
struct Fixture {
  CliWorld world{Stage::kKeysAndLedger};

  Ran Trust(const std::string& arguments) const {
    CarnetProcess process(world / "");
    process.Set("CARNET_TRUST", "trust");
    return process.Shell("carnet trust " + arguments);
  }
  Ran Add(const std::string& arguments) const { return Trust("add " + arguments); }
  boost::json::value Check() const { return boost::json::parse(Trust("check --json").out); }

  boost::json::value Toml(const std::string& name) const {
    return boost::json::parse(
        MustRun("python3 -c 'import json,sys,tomllib; "
                "print(json.dumps(tomllib.load(open(sys.argv[1],\"rb\"))))' " +
                (world / name)));
  }
  std::string SignerOf(const std::string& pub) const {
    return "key:" +
           MustRun("openssl pkey -pubin -in " + (world / pub) + " -outform DER | sha256sum")
               .substr(0, 64);
  }
  std::string NewKey(const std::string& name) const {
    MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " +
            (world / (name + ".pem")) + " && openssl pkey -in " + (world / (name + ".pem")) +
            " -pubout -out " + (world / (name + ".pub")));
    return name + ".pub";
  }
};

bool Has(const boost::json::value& texts, const std::string& part) {
  const auto& array = texts.as_array();
  return std::any_of(array.begin(), array.end(), [&](const boost::json::value& text) {
    return std::string(text.as_string()).find(part) != std::string::npos;
  });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trust_add, Fixture)

BOOST_AUTO_TEST_CASE(a_new_party_gets_a_file_and_its_key) {
  const Ran ran =
      Add("stranger.pub --party audit-house --kinds verdict,passport --name 2026 "
          "--from 2026-01-01 --until 2027-01-01 --until-size 5000");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, SignerOf("stranger.pub") + "\n");
  const auto party = Toml("trust/parties/audit-house.toml");
  BOOST_CHECK_EQUAL(boost::json::serialize(party.at("key")),
                    R"([{"file":"audit-house.pub","name":"2026","kinds":["passport","verdict"],)"
                    R"("from":"2026-01-01","until":"2027-01-01",)"
                    R"("sizes":[{"origin":"log.example.org","until":5000}]}])");
  BOOST_CHECK_EQUAL(party.at("party").as_string(), "audit-house");
  BOOST_CHECK_EQUAL(SignerOf("trust/parties/audit-house.pub"), SignerOf("stranger.pub"));
  CheckDone(Trust("check"));
}

BOOST_AUTO_TEST_CASE(a_key_more_leaves_the_file_as_it_was) {
  const std::string before =
      "# who they are\nparty = \"lab\"   # the lab\n\n[[key]]\nfile = \"lab.pub\"\n"
      "kinds = [\"dataset\", \"run\", \"segment\", \"completion\", \"passport\"]\n"
      "[[key.sizes]]\norigin = \"log.example.org\"\nuntil = 9  # retired";
  world.Write("trust/parties/lab.toml", before);
  CheckDone(Add("stranger.pub --party lab --kinds run"));
  const std::string after = world.Read("trust/parties/lab.toml");
  BOOST_CHECK(after.starts_with(before + "\n"));
  const auto keys = Toml("trust/parties/lab.toml").at("key");
  BOOST_REQUIRE_EQUAL(keys.as_array().size(), 2U);
  BOOST_CHECK_EQUAL(boost::json::serialize(keys.at(1)), R"({"file":"lab-2.pub","kinds":["run"]})");
  CheckDone(Trust("check"));
}

BOOST_AUTO_TEST_CASE(a_party_is_found_by_its_name_whatever_its_file_is_called) {
  fs::rename(world / "trust/parties/lab.toml", world / "trust/parties/ours.toml");
  const std::string text = world.Read("trust/parties/ours.toml");
  world.Write("trust/parties/ours.toml", "party = \"Example Lab\"" + text.substr(text.find('\n')));
  CheckDone(Add("stranger.pub --party 'Example Lab' --kinds run"));
  BOOST_CHECK_EQUAL(Toml("trust/parties/ours.toml").at("key").at(1).at("file").as_string(),
                    "ours.pub");
  CheckFailed(Add(NewKey("more") + " --party 'New Lab' --kinds run"), 1,
              "a new party \"New Lab\": expected letters, digits");
  CheckFailed(Add("more.pub --party ours --kinds run"), 1,
              "ours.toml is the file of party \"Example Lab\"");
}

BOOST_AUTO_TEST_CASE(what_is_refused_changes_nothing) {
  const auto before = world.Files();
  CheckFailed(Add("lab.pub --party lab --kinds run"), 1,
              "is listed already: lab.pub of \"lab\", in trust/parties/lab.toml");
  CheckFailed(Add("lab.pub --party cloud --kinds run"), 1, "is listed already: lab.pub of \"lab\"");
  CheckFailed(Add("stranger.key --party lab --kinds run"), 1, "stranger.key: a private key");
  CheckFailed(Add("stranger.pub --party lab --kinds run --from 2026-02-01 --until 2026-02-01"), 1,
              "dates end before they begin");
  CheckFailed(Add("stranger.pub --party lab --kinds run --from-size 9 --until-size 9"), 1,
              "tree sizes end before they begin");
  CheckFailed(Add("stranger.pub --party lab --kinds run --from-size 9 --log other.example"), 1,
              "trusted_root.json: has no log \"other.example\"");
  CheckFailed(Add("missing.pub --party lab --kinds run"), 3, "missing.pub");
  CheckFailed(Add("device.json --party lab --kinds run"), 3, "device.json");
  CheckFailed(Add("stranger.pub --party lab --kinds run --trust nowhere/trust"), 3,
              "nowhere/trust: ");
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(a_trust_directory_begins_with_a_key_or_a_log) {
  const auto key = [&](const std::string& folder) {
    return Add("lab.pub --party lab --kinds run --trust " + folder);
  };
  const auto log = [&](const std::string& folder) {
    return Trust("add-log trust/trusted_root.json --trust " + folder);
  };
  const Ran first = key("a");
  CheckDone(first);
  BOOST_CHECK(first.err.find("made the trust directory a\n") != first.err.npos);
  BOOST_CHECK(first.err.find("it does not load yet: it has no log (`carnet trust add-log`)\n") !=
              first.err.npos);
  CheckDone(log("a"));
  CheckDone(log("b"));
  CheckDone(key("b"));
  for (const char* folder : {"a", "b"}) CheckDone(world.Run({"trust", "check", "--trust", folder}));
}

BOOST_AUTO_TEST_CASE(a_private_key_is_known_whatever_its_form) {
  CheckDone(world.Run({"keygen", "--out", "cosign"}));
  MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " +
          (world / "pkcs8.pem"));
  MustRun("openssl ec -in " + (world / "pkcs8.pem") + " -out " + (world / "sec1.pem"));
  MustRun("openssl pkcs8 -topk8 -passout pass:x -in " + (world / "pkcs8.pem") + " -out " +
          (world / "encrypted.pem"));
  world.Write("noted.pem", std::string(100, '#') + "\n" + world.Read("pkcs8.pem"));
  for (const char* file : {"cosign.key", "pkcs8.pem", "sec1.pem", "encrypted.pem", "noted.pem"}) {
    CheckFailed(Add(std::string(file) + " --party x --kinds run"), 1,
                std::string(file) + ": a private key");
  }
  // Of a file that says so at its beginning the rest is not read, let alone judged by its size.
  world.Write("large.pem", "-----BEGIN PRIVATE KEY-----\n" + std::string(1 << 20, 'A'));
  CheckFailed(Add("large.pem --party x --kinds run"), 1, "large.pem: a private key");
}

BOOST_AUTO_TEST_CASE(keys_of_another_kind_are_refused) {
  MustRun("openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out " + (world / "ed.pub"));
  const Ran ran = Add("ed.pub --party x --kinds run");
  BOOST_CHECK_NE(ran.status, 0);
  BOOST_CHECK(ran.err.find("ed.pub: ") != ran.err.npos);
  BOOST_CHECK(!fs::exists(world / "trust/parties/x.toml"));
}

BOOST_AUTO_TEST_CASE(a_list_on_one_line_is_left_to_its_author) {
  world.Write("trust/parties/lab.toml",
              "party = \"lab\"\nkey = [{file = \"lab.pub\", kinds = [\"run\"]}]\n");
  const auto before = world.Files();
  const Ran ran = Add("stranger.pub --party lab --kinds run");
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.err.find("lab.toml: cannot be continued; list it by hand:\n[[key]]\nfile = "
                           "\"lab-2.pub\"") != ran.err.npos);
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_an_interrupted_call_left_is_used) {
  fs::copy(world / "stranger.pub", world / "trust/parties/new.pub");
  BOOST_CHECK_EQUAL(Trust("check --json --trust nowhere").status, 3);
  BOOST_CHECK(Has(Check().at("errors"), "new.pub: does not belong"));
  CheckDone(Add("stranger.pub --party new --kinds run"));
  CheckDone(Trust("check"));
  BOOST_CHECK(!fs::exists(world / "trust/parties/new-2.pub"));
}

BOOST_AUTO_TEST_CASE(sizes_need_a_log_when_there_are_several) {
  CheckDone(world.Run({"ledger", "init", "other", "--origin", "other.example"}));
  CheckDone(world.carnet().Shell("carnet ledger trust other --out other.json"));
  CheckDone(Trust("add-log other.json"));
  CheckFailed(Add("stranger.pub --party lab --kinds run --from-size 9"), 1, "--log says which one");
  CheckDone(Add("stranger.pub --party lab --kinds run --from-size 9 --log other.example"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(trust_add_log, Fixture)

BOOST_AUTO_TEST_CASE(another_log_is_added_and_the_first_stays) {
  CheckDone(world.Run({"ledger", "init", "other", "--origin", "other.example"}));
  CheckDone(world.carnet().Shell("carnet ledger trust other --operator them --out other.json"));
  const std::string before = world.Read("trust/trusted_root.json");
  const auto info = world.Json({"ledger", "info", "other", "--json"});
  const Ran ran = Trust("add-log other.json");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, "other.example  id " + std::string(info.at("log_id").as_string()) +
                                 "\n  run by \"them\", as the file says\n");
  const auto logs = boost::json::parse(world.Read("trust/trusted_root.json")).at("tlogs");
  BOOST_REQUIRE_EQUAL(logs.as_array().size(), 2U);
  BOOST_CHECK_EQUAL(logs.at(0), boost::json::parse(before).at("tlogs").at(0));
  BOOST_CHECK_EQUAL(logs.at(1), boost::json::parse(world.Read("other.json")).at("tlogs").at(0));
  CheckDone(Trust("check"));
  const std::string merged = world.Read("trust/trusted_root.json");
  const Ran again = Trust("add-log other.json");
  CheckDone(again);
  BOOST_CHECK(again.out.find("was there already") != again.out.npos);
  BOOST_CHECK_EQUAL(world.Read("trust/trusted_root.json"), merged);
}

BOOST_AUTO_TEST_CASE(who_runs_it_is_said_by_whoever_trusts_it) {
  fs::remove(world / "trust/trusted_root.json");
  CheckDone(world.carnet().Shell("carnet ledger trust ledger --operator nobody --out other.json"));
  const Ran ran = Trust("add-log other.json --operator lab");
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("run by \"lab\", as you say") != ran.out.npos);
  BOOST_CHECK_EQUAL(Check().at("logs").at(0).at("operator").as_string(), "lab");
}

BOOST_AUTO_TEST_CASE(nobody_adds_a_key_to_a_log_that_is_trusted) {
  CheckDone(world.Run({"ledger", "init", "fake", "--origin", "log.example.org"}));
  CheckDone(world.carnet().Shell("carnet ledger trust fake --out fake.json"));
  const auto before = world.Files();
  CheckFailed(Trust("add-log fake.json"), 1,
              "trusts a log of that name with another key, other dates or another operator");
  CheckFailed(Trust("add-log lab.pub"), 1, "lab.pub: ");
  CheckFailed(Trust("add-log missing.json"), 3, "missing.json");
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(what_else_a_trusted_root_has_is_kept) {
  const auto shipped =
      boost::json::parse(Slurp(SourceFolder() / "data/sigstore-trusted-root.json"));
  auto root = boost::json::parse(world.Read("trust/trusted_root.json")).as_object();
  const auto own = root.at("tlogs").at(0);
  for (const char* more : {"certificateAuthorities", "ctlogs", "timestampAuthorities"}) {
    root[more] = shipped.at(more);
  }
  world.Write("trust/trusted_root.json", boost::json::serialize(root));
  CheckDone(world.Run({"ledger", "init", "other", "--origin", "other.example"}));
  CheckDone(world.carnet().Shell("carnet ledger trust other --out other.json"));
  CheckDone(Trust("add-log other.json"));
  const auto after = boost::json::parse(world.Read("trust/trusted_root.json"));
  for (const char* more : {"certificateAuthorities", "ctlogs", "timestampAuthorities"}) {
    BOOST_CHECK(after.at(more) == shipped.at(more));
  }
  BOOST_REQUIRE_EQUAL(after.at("tlogs").as_array().size(), 2U);
  BOOST_CHECK(after.at("tlogs").at(0) == own);
  BOOST_CHECK_EQUAL(after.at("tlogs").at(1).at("baseUrl").as_string(), "https://other.example");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(trust_check, Fixture)

BOOST_AUTO_TEST_CASE(shows_what_the_gate_would_go_by) {
  const auto json = Check();
  BOOST_CHECK_EQUAL(NamesIn(json),
                    "certificate_authorities certificate_logs errors identities keys loads logs "
                    "policies timestamp_authorities warnings");
  BOOST_CHECK(json.at("loads").as_bool());
  BOOST_CHECK_EQUAL(json.at("errors").as_array().size(), 0U);
  BOOST_CHECK_EQUAL(json.at("warnings").as_array().size(), 0U);
  BOOST_REQUIRE_EQUAL(json.at("keys").as_array().size(), 3U);
  const auto& lab = json.at("keys").at(2);
  BOOST_CHECK_EQUAL(NamesIn(lab), "kinds party signer sizes");
  BOOST_CHECK_EQUAL(lab.at("signer").as_string(), SignerOf("lab.pub"));
  BOOST_CHECK_EQUAL(json.at("logs").at(0).at("operator").as_string(), "operator");
  const Ran text = Trust("check");
  CheckDone(text);
  BOOST_CHECK(text.out.find("party    lab: dataset, run, segment, completion, passport\n") !=
              text.out.npos);
  BOOST_CHECK(text.out.ends_with("loads    yes\n"));
}

BOOST_AUTO_TEST_CASE(shows_whose_certificates_of_an_identity_count) {
  const auto shipped =
      boost::json::parse(Slurp(SourceFolder() / "data/sigstore-trusted-root.json"));
  auto root = boost::json::parse(world.Read("trust/trusted_root.json")).as_object();
  root["certificateAuthorities"] = shipped.at("certificateAuthorities");
  world.Write("trust/trusted_root.json", boost::json::serialize(root));
  CheckDone(
      Trust("add-identity --issuer https://a.example --subject jane@lab.example --party lab "
            "--kinds dataset --authority https://fulcio.sigstore.dev"));
  const auto json = Check();
  BOOST_CHECK(json.at("loads").as_bool());
  BOOST_CHECK_EQUAL(json.at("identities").at(0).at("authority").as_string(),
                    "https://fulcio.sigstore.dev");
  BOOST_CHECK(Trust("check").out.find("jane@lab.example of https://a.example, issued by "
                                      "\"https://fulcio.sigstore.dev\"") != std::string::npos);
  auto& authorities = root.at("certificateAuthorities").as_array();
  authorities.push_back(authorities.front());
  authorities.back().as_object()["uri"] = "https://ca.cloud.example";
  world.Write("trust/trusted_root.json", boost::json::serialize(root));
  CheckDone(
      Trust("add-identity --issuer https://a.example --subject joe@lab.example --party lab "
            "--kinds dataset"));
  const Ran ran = Trust("check");
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.out.find("joe@lab.example of https://a.example: there are 2 certificate "
                           "authorities, and each could certify it") != ran.out.npos);
}

BOOST_AUTO_TEST_CASE(names_every_error_and_ends_with_1) {
  world.Write("trust/note.txt", "");
  world.Write("trust/parties/cloud.toml", "party = \"cloud\"\n[[key]]\nfile = \"none.pub\"\n");
  world.Write("trust/parties/hub.toml", "party = 1\n");
  world.Write("trust/policies/hub-default.toml", "id = \"hub-default\"\nlevels = 1\n");
  world.Write("trust/pins/a.checkpoint", "no note");
  const Ran ran = Trust("check --json");
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto json = boost::json::parse(ran.out);
  BOOST_CHECK(!json.at("loads").as_bool());
  for (const char* error :
       {"trust/note.txt: does not belong", "cloud.toml:2: key[0].kinds: is missing",
        "hub.toml:1: party: must be a string", "policies/hub-default.toml:2: levels: unknown key",
        "pins/a.checkpoint: "}) {
    BOOST_CHECK_MESSAGE(Has(json.at("errors"), error), error << " is not in " << ran.out);
  }
  BOOST_CHECK_EQUAL(json.at("errors").as_array().size(), 5U);
  // What a gate says is the first of them.
  CheckFailed(world.Run({"verify", "lab.pub", "--passport", "lab.pub", "--trust", "trust"}), 3,
              "trust/note.txt: does not belong");
}

BOOST_AUTO_TEST_CASE(chips_that_a_gate_would_refuse_do_not_load) {
  world.Write("trust/chips.csv", "x");
  const Ran ran = Trust("check");
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK_MESSAGE(ran.out.find("trust: chips.csv: line 1: does not end in LF") != ran.out.npos,
                      ran.out);
  CheckFailed(world.Run({"verify", "lab.pub", "--passport", "lab.pub", "--trust", "trust"}), 3,
              "chips.csv: line 1: does not end in LF");
}

BOOST_AUTO_TEST_CASE(a_directory_without_a_log_does_not_load) {
  fs::remove(world / "trust/trusted_root.json");
  const Ran ran = Trust("check");
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.out.find("error    trust/trusted_root.json: ") != ran.out.npos);
  BOOST_CHECK(ran.out.ends_with("loads    no\n"));
}

struct Suspicious {
  const char* name;
  void (*make)(const Fixture& fixture);
  const char* warning;
};
std::ostream& operator<<(std::ostream& out, const Suspicious& value) { return out << value.name; }

void SetParty(const Fixture& fixture, const std::string& party, const std::string& rest) {
  fixture.world.Write("trust/parties/" + party + ".toml",
                      "party = \"" + party + "\"\n[[key]]\nfile = \"" + party + ".pub\"\n" + rest);
}

const Suspicious kSuspicious[] = {
    {"sells_to_itself",
     [](const Fixture& f) { SetParty(f, "lab", "kinds = [\"run\", \"device\"]\n"); },
     "lab: may sign runs and the devices that they use"},
    {"judges_itself",
     [](const Fixture& f) { SetParty(f, "lab", "kinds = [\"passport\", \"verdict\"]\n"); },
     "lab: may sign passports, and verdicts about them"},
    {"expired",
     [](const Fixture& f) {
       SetParty(f, "cloud", "kinds = [\"device\"]\nuntil = \"2020-01-01\"\n");
     },
     "no longer in force since 2020-01-01"},
    {"not_yet",
     [](const Fixture& f) {
       SetParty(f, "cloud", "kinds = [\"device\"]\nfrom = \"2999-01-01\"\n");
     },
     "not in force before 2999-01-01"},
    {"own_log",
     [](const Fixture& f) {
       f.world.Write("trust/logs.toml",
                     "[[log]]\norigin = \"log.example.org\"\noperator = \"lab\"\n");
     },
     "log log.example.org: lab, which signs runs, runs it"},
    {"nobodys_log",
     [](const Fixture& f) {
       CheckDone(f.world.Run(
           {"ledger", "trust", "ledger", "--out", "trust/trusted_root.json", "--force"}));
     },
     "log log.example.org: nobody is named who runs it"},
    {"retired_log",
     [](const Fixture& f) {
       const auto root = boost::json::parse(f.world.Read("trust/trusted_root.json"));
       std::string text = boost::json::serialize(root);
       text.insert(text.find("\"start\""), "\"end\":\"2020-01-01T00:00:00.000Z\",");
       f.world.Write("trust/trusted_root.json", text);
     },
     "log log.example.org: none of its keys is in force now"},
    {"everybody_may_write",
     [](const Fixture& f) { ::chmod((f.world / "trust/parties/lab.toml").c_str(), 0666); },
     "trust/parties/lab.toml: everybody may change it (mode 0666)"},
    {"everybody_may_write_the_folder",
     [](const Fixture& f) { ::chmod((f.world / "trust/parties").c_str(), 0777); },
     "trust/parties: everybody may change it (mode 0777)"},
    {"link",
     [](const Fixture& f) {
       fs::remove(f.world / "trust/parties/lab.pub");
       fs::create_symlink(f.world / "lab.pub", f.world / "trust/parties/lab.pub");
     },
     "trust/parties/lab.pub: a link"},
    {"broken_policy",
     [](const Fixture& f) { f.world.Write("trust/policies/own.toml", "id = 1\n"); },
     "trust/policies/own.toml:1: id: must be a string"},
    {"policy_under_another_name",
     [](const Fixture& f) {
       f.world.Write("trust/policies/own.toml", f.world.Must({"policy", "show", "eu-gpai"}));
     },
     "trust/policies/own.toml: id: \"eu-gpai\" is not the name of its file"},
    {"file_that_is_no_policy",
     [](const Fixture& f) { f.world.Write("trust/policies/own.tml", ""); },
     "trust/policies/own.tml: is read by nobody"},
};

BOOST_DATA_TEST_CASE_F(Fixture, what_is_seldom_meant_is_a_warning, kSuspicious, suspicious) {
  suspicious.make(*this);
  const Ran ran = Trust("check --json");
  CheckDone(ran);
  const auto json = boost::json::parse(ran.out);
  BOOST_CHECK_MESSAGE(Has(json.at("warnings"), suspicious.warning), ran.out);
  BOOST_CHECK_EQUAL(json.at("warnings").as_array().size(), 1U);
}

BOOST_AUTO_TEST_SUITE_END()
