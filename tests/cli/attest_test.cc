#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  CliWorld world{Stage::kAttested};

  Ran Attest(const std::string& kind, const std::string& file, std::vector<std::string> more = {},
             const std::string& key = "cloud") {
    more.insert(more.begin(), {"attest", "--kind", kind, file});
    return world.Sign(more, key);
  }
  static std::vector<std::string> Arguments(const std::string& kind,
                                            const std::vector<std::string>& more) {
    std::vector<std::string> all = {"attest", "--kind", kind, kind + ".json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // Refused: nothing is logged, and no file is made.
  void CheckRefused(const std::function<Ran()>& command, int status, const std::string& message) {
    const auto files = world.Files();
    const uint64_t size = world.TreeSize();
    CheckFailed(command(), status, message);
    BOOST_CHECK(world.Files() == files);
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attest, Fixture)

BOOST_AUTO_TEST_CASE(prints_the_statement_id_and_writes_the_bundle) {
  const Ran ran = Attest("device", "device.json", {"--out", "device.sigstore.json"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  BOOST_REQUIRE_EQUAL(ran.out.size(), 65U);
  const std::string bundle = world.Read("device.sigstore.json");
  BOOST_CHECK(bundle.ends_with("}\n"));
  BOOST_CHECK_EQUAL(StatementIn(bundle).at("predicateType").as_string(), "urn:carnet:device:v1");
  // The id is the SHA-256 of the pre-authentication encoding (DSSE), by openssl.
  world.Write("payload", boost::json::serialize(StatementIn(bundle)));
  const auto parsed = boost::json::parse(bundle);
  world.Write("payload.b64", std::string(parsed.at("dsseEnvelope").at("payload").as_string()));
  const std::string id = MustRun(
      "cd " + (world / "") +
      " && base64 -d payload.b64 > payload && { printf 'DSSEv1 28 application/vnd.in-toto+json %d "
      "' $(stat -c %s payload); cat payload; } | sha256sum");
  BOOST_CHECK_EQUAL(ran.out, id.substr(0, 64) + "\n");
}

// Its id would be lost otherwise: the statement is logged by then.
BOOST_AUTO_TEST_CASE(a_bundle_that_cannot_be_written_names_the_logged_statement) {
  const uint64_t size = world.TreeSize();
  const Ran ran = Attest("device", "device.json", {"--out", "/dev/full"});
  BOOST_CHECK_EQUAL(world.TreeSize(), size + 1);
  CheckFailed(ran, 3, "logged as statement ");
  CheckFailed(ran, 3, ", but not written: /dev/full: ");
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const uint64_t size = world.TreeSize();
  const auto json = world.SignJson({"attest", "--kind", "device", "device.json"}, "cloud");
  BOOST_CHECK_EQUAL(NamesIn(json), "index repeated statement step");
  BOOST_CHECK_EQUAL(json.at("step").as_string(), "device");
  BOOST_CHECK_EQUAL(json.at("index").to_number<uint64_t>(), size);
  BOOST_CHECK(!json.at("repeated").as_bool());
}

BOOST_AUTO_TEST_CASE(a_nonce_may_be_chosen) {
  const std::string nonce = "0123456789abcdef0123456789abcdef";
  CheckDone(Attest("device", "device.json", {"--nonce", nonce, "--out", "b.json"}));
  BOOST_CHECK_EQUAL(
      StatementIn(world.Read("b.json")).at("predicate").at("head").at("nonce").as_string(), nonce);
}

BOOST_AUTO_TEST_CASE(a_repeated_call_with_its_key_answers_with_what_is_logged) {
  for (const std::vector<std::string>& same :
       {std::vector<std::string>{"--nonce", "0123456789abcdef0123456789abcdef"},
        std::vector<std::string>{"--idempotency-key", "lease 42"}}) {
    const auto first = world.SignJson(Arguments("allocation", same), "cloud");
    BOOST_CHECK(!first.at("repeated").as_bool());
    const uint64_t size = world.TreeSize();
    const Ran again = Attest("allocation", "allocation.json", same);
    CheckDone(again);
    BOOST_CHECK_EQUAL(again.out, std::string(first.at("statement").as_string()) + "\n");
    BOOST_CHECK_EQUAL(again.err, "carnet: this allocation was already recorded\n");
    std::string other = world.Read("allocation.json");
    other.replace(other.find("\"to\":\"20") + 6, 4, "2099");  // the year
    world.Write("other.json", other);
    CheckRefused(
        [&] { return Attest("allocation", "other.json", same); }, 1,
        "was recorded with this nonce or idempotency key, but with other content; it differs in: ");
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
  CheckFailed(Attest("device", "device.json",
                     {"--idempotency-key", "a", "--nonce", "0123456789abcdef0123456789abcdef"}),
              2, "--nonce");
}

BOOST_AUTO_TEST_CASE(a_repeated_call_leaves_its_bundle_as_it_is) {
  const std::vector<std::string> call = {"--idempotency-key", "job", "--out", "b.json"};
  const Ran first = Attest("device", "device.json", call);
  CheckDone(first);
  const std::string bundle = world.Read("b.json");
  const Ran again = Attest("device", "device.json", call);
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, first.out);
  BOOST_CHECK_EQUAL(world.Read("b.json"), bundle);
  std::filesystem::remove(world / "b.json");
  CheckDone(Attest("device", "device.json", call));
  CheckDone(Attest("allocation", "allocation.json", {"--out", "other.json"}));
  CheckRefused(
      [&] {
        return Attest("device", "device.json", {"--idempotency-key", "job", "--out", "other.json"});
      },
      3, "other.json: the file already exists (--force overwrites it)");
  CheckRefused(
      [&] {
        return Attest("device", "device.json", {"--idempotency-key", "new", "--out", "b.json"});
      },
      3, "b.json: the file already exists (--force overwrites it)");
}

BOOST_AUTO_TEST_CASE(a_dry_run_of_a_repeated_call_says_what_is_logged) {
  const std::vector<std::string> call = {"--idempotency-key", "job", "--dry-run"};
  const Ran before = Attest("device", "device.json", call);
  CheckDone(before);
  BOOST_CHECK(before.out.find("predicateType") != std::string::npos);
  const Ran real = Attest("device", "device.json", {"--idempotency-key", "job"});
  CheckDone(real);
  const Ran after = Attest("device", "device.json", call);
  CheckDone(after);
  BOOST_CHECK_EQUAL(after.out, real.out);
  BOOST_CHECK_EQUAL(after.err, "carnet: this device was already recorded\n");
  std::string other = world.Read("device.json");
  other.replace(other.find("Xeon"), 4, "Epyc");
  world.Write("other.json", other);
  CheckRefused(
      [&] { return Attest("device", "other.json", call); }, 1,
      "was recorded with this nonce or idempotency key, but with other content; it differs in: ");
}

// The second text would replace the only copy of the first.
BOOST_AUTO_TEST_CASE(a_withheld_statement_is_not_logged_again_under_its_key) {
  const std::vector<std::string> call = {
      "--idempotency-key", "job", "--withhold", "secret", "--out", "b.json", "--force"};
  CheckDone(Attest("device", "device.json", call));
  CheckRefused([&] { return Attest("device", "device.json", call); }, 1,
               "its text is withheld or erased: whether it was recorded with this nonce or "
               "idempotency key cannot be told");
  CheckFailed(Attest("device", "device.json", {"--idempotency-key", ""}), 2, "expected a name");
}

BOOST_AUTO_TEST_CASE(a_dry_run_prints_the_statement_and_logs_nothing) {
  const auto files = world.Files();
  const uint64_t size = world.TreeSize();
  const Ran ran = Attest("device", "device.json", {"--dry-run", "--out", "b.json"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "carnet: dry run: nothing was signed or logged\n");
  const auto statement = boost::json::parse(ran.out).as_object();
  BOOST_CHECK_EQUAL(statement.at("predicateType").as_string(), "urn:carnet:device:v1");
  BOOST_CHECK(world.Files() == files);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(a_data_sets_files_are_its_subjects) {
  CheckDone(Attest("dataset", "dataset.json", {"--files", "data", "--out", "b.json"}, "lab"));
  const auto statement = StatementIn(world.Read("b.json"));
  BOOST_CHECK_EQUAL(statement.at("subject").at(1).at("name").as_string(), "files/a.txt");
  const auto digest = world.Json({"digest", "data", "--json"});
  BOOST_CHECK_EQUAL(statement.at("predicate").at("data").as_string(),
                    digest.at("model").as_string());
}

BOOST_AUTO_TEST_CASE(what_the_gate_would_refuse_is_signed_only_when_asked_for) {
  std::string draft = world.Read("allocation.json");
  const std::string to = R"("to":")";
  draft.replace(draft.find(to) + to.size(), 4, "1990");  // the year
  world.Write("hours.json", draft);
  CheckRefused([&] { return Attest("allocation", "hours.json"); }, 1, "time-order (R29): ");
  const Ran anyway = Attest("allocation", "hours.json", {"--sign-anyway"});
  CheckDone(anyway);
  BOOST_CHECK(anyway.err.find("signed, though the gate will refuse it: time-order (R29): ") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chip_without_a_peak_is_announced) {
  world.Write("card.json", R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"NVIDIA",)"
                           R"("chip":"h200-sxn"})");
  const Ran ran = Attest("device", "card.json");
  CheckDone(ran);
  BOOST_CHECK(ran.err.find("\"h200-sxn\", which is not in the catalogue") != std::string::npos);
  BOOST_CHECK(ran.err.find("close to it: h200-sxm") != std::string::npos);
  BOOST_CHECK(ran.err.find("reaches level 1, not 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_tools_print_is_refused_with_what_to_write) {
  const auto card = [&](const char* id, const char* chip) {
    world.Write("card.json", std::string(R"({"id":")") + id +
                                 R"(","units":1,"vendor":"NVIDIA","chip":")" + chip + R"("})");
    return [this] { return Attest("device", "card.json"); };
  };
  const std::string uuid = "5b3c1f1e-0000-4000-8000-000000000001";
  const std::string id = "nvidia:gpu:" + uuid;
  CheckRefused(card(("GPU-" + uuid).c_str(), "h200-sxm"), 1, "write " + id);
  CheckRefused(card(id.c_str(), "NVIDIA H200"), 1, "did you mean h200-sxm?");
  CheckRefused(card(id.c_str(), "NVIDIA H100"), 1,
               "did you mean h100-nvl, h100-pcie or h100-sxm5?");
  CheckRefused(card(id.c_str(), "p5.48xlarge"), 1,
               "did you mean h100-sxm5? (the machine has 8 units)");
}

BOOST_AUTO_TEST_CASE(a_bad_draft_is_refused_by_file_and_field) {
  world.Write("bad.json", R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"A","colour":1})");
  CheckRefused(
      [&] {
        return Attest("device", "bad.json", {"--out", "b.json"});
      },
      1, "bad.json:1:56: colour: unknown field");
  world.Write("head.json", R"({"head":{}})");
  CheckRefused([&] { return Attest("device", "head.json"); }, 1,
               "head.json:1:2: head: the signer adds it");
  world.Write("broken.json", R"({"id":)");
  CheckRefused([&] { return Attest("device", "broken.json"); }, 1, "broken.json:1:");
  world.Write("text.json", "\xff");
  CheckRefused([&] { return Attest("device", "text.json"); }, 1, "text.json:1:1: ");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_could_not_be_done) {
  CheckRefused([&] { return Attest("device", "missing.json"); }, 3, "missing.json");
  CheckRefused([&] { return Attest("device", "device.json", {}, "missing"); }, 3, "missing.key");
  CheckRefused([&] { return Attest("device", "data"); }, 3, "data");
  CheckRefused(
      [&] {
        return world.Run({"attest", "--kind", "device", "device.json", "--ledger", "nowhere",
                          "--key", "cloud.key"});
      },
      3, "nowhere");
  CheckRefused(
      [&] {
        return Attest("dataset", "dataset.json", {"--files", "nothing"}, "lab");
      },
      3, "nothing");
  world.Write("text.key", "no key");
  CheckRefused([&] { return Attest("device", "device.json", {}, "text"); }, 3, "text.key");
}

BOOST_AUTO_TEST_CASE(never_overwrites_and_then_logs_nothing) {
  CheckRefused(
      [&] {
        return Attest("device", "device.json", {"--out", "device.json"});
      },
      3, "device.json: the file already exists (--force overwrites it)");
  CheckRefused(
      [&] {
        return Attest("device", "device.json", {"--out", "nowhere/b.json"});
      },
      3, "nowhere/b.json: no such folder");
  CheckDone(Attest("device", "device.json", {"--out", "run.bundle"}));
  CheckDone(Attest("device", "device.json", {"--out", "run.bundle", "--force"}));
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_without_its_password_is_refused) {
  CheckDone(world.Run({"keygen", "--out", "locked"}));
  world.carnet().Unset("CARNET_PASSWORD");
  CheckRefused([&] { return Attest("device", "device.json", {}, "locked"); }, 3,
               "set CARNET_PASSWORD");
  world.carnet().Set("CARNET_PASSWORD", "wrong");
  CheckRefused([&] { return Attest("device", "device.json", {}, "locked"); }, 3, "locked.key: ");
}

BOOST_AUTO_TEST_CASE(a_device_under_anothers_key_is_refused) {
  world.Write("declared.json", R"({"id":"declared:key:)" + std::string(64, 'a') +
                                   R"(:host","units":1,"vendor":"A","chip":"h100-sxm5"})");
  CheckRefused([&] { return Attest("device", "declared.json"); }, 1, "id: declared by key:aaaa");
}

BOOST_AUTO_TEST_SUITE_END()
