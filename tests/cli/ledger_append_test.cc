// `carnet ledger append`: what others signed, by the files that they sent.
#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

// A data set's statement for the key "site", signed as cosign does it, with openssl: DSSE over the
// file's bytes; and the bundle that cosign 3.1 writes of it.
constexpr char kSign[] = R"sh(set -e
carnet attest --kind dataset --files data --set sources.kind=public --set name=$1 \
  --ledger ledger --key site.pub --dry-run > $1.json 2> /dev/null
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' $(stat -c %s $1.json); cat $1.json; } > signed
openssl dgst -sha256 -sign site.key -out sig signed
hint=$(openssl pkey -pubin -in site.pub -outform DER | openssl dgst -sha256 -binary | base64 -w 0)
printf '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"%s"}},"dsseEnvelope":{"payload":"%s","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"%s"}]}}' \
  "$hint" "$(base64 -w 0 $1.json)" "$(base64 -w 0 sig)" > $1.sigstore.json
)sh";

struct Fixture : CliWorld {
  Fixture() : CliWorld(Stage::kAttested) {
    const Ran made = carnet().Shell(
        "openssl ecparam -name prime256v1 -genkey -noout -out site.key && "
        "openssl pkey -in site.key -pubout -out site.pub");
    BOOST_REQUIRE_MESSAGE(made.status == 0, made.err);
    Write("sign.sh", kSign);
    SignBundle("one");
  }
  void SignBundle(const std::string& name) {
    const Ran made = carnet().Shell("bash sign.sh " + name);
    BOOST_REQUIRE_MESSAGE(made.status == 0, made.err);
  }
  // The statement's id, by openssl alone.
  std::string IdOf(const std::string& name) {
    return carnet()
        .Shell("{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' $(stat -c %s " + name +
               ".json); cat " + name + ".json; } | sha256sum")
        .out.substr(0, 64);
  }
  // The payload of the first bundle in a file, by no code of ours.
  std::string PayloadIn(const std::string& file) {
    return carnet()
        .Shell(R"(grep -o '"payload":"[^"]*"' )" + file +
               " | head -n 1 | cut -d '\"' -f 4 | base64 -d")
        .out;
  }
  Ran Append(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"ledger", "append", "--ledger", "ledger"});
    return Run(arguments);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_append, Fixture)

BOOST_AUTO_TEST_CASE(logs_what_openssl_signed_and_writes_it_with_its_receipt) {
  const uint64_t before = TreeSize();
  const Ran ran = Append({"one.sigstore.json", "--key", "site.pub", "--out", "logged.json"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, IdOf("one") + "\n");
  BOOST_CHECK_EQUAL(TreeSize(), before + 1);
  BOOST_CHECK_EQUAL(PayloadIn("logged.json"), Read("one.json"));
  Must({"ledger", "trust", "ledger", "--out", "root.json"});
  const Ran verified = carnet().Shell(
      "carnet verify-attestation --key site.pub --trusted-root root.json --bundle logged.json "
      "sha256:$(sha256sum < data/a.txt | cut -c -64)");
  CheckDone(verified);
  BOOST_CHECK(verified.out.find(", entry " + std::to_string(before)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(again_says_that_it_is_logged_already) {
  CheckDone(Append({"one.sigstore.json", "--key", "site.pub"}));
  const uint64_t size = TreeSize();
  const Ran again = Append({"one.sigstore.json", "--key", "site.pub"});
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, IdOf("one") + "\n");
  BOOST_CHECK_EQUAL(again.err, "carnet: one.sigstore.json: line 1: already logged, entry " +
                                   std::to_string(size - 1) + "\n");
  BOOST_CHECK_EQUAL(TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(several_in_one_file_come_back_in_its_order) {
  SignBundle("two");
  const Ran joined =
      carnet().Shell("{ cat two.sigstore.json; echo; cat one.sigstore.json; echo; } > both.jsonl");
  BOOST_REQUIRE_EQUAL(joined.status, 0);
  const uint64_t before = TreeSize();
  const Ran ran = Append({"both.jsonl", "--key", "site.pub", "--out", "logged.jsonl", "--json"});
  CheckDone(ran);
  const auto statements = boost::json::parse(ran.out).at("statements").as_array();
  BOOST_REQUIRE_EQUAL(statements.size(), 2u);
  BOOST_CHECK_EQUAL(NamesIn(statements[0]), "index repeated statement");
  BOOST_CHECK_EQUAL(statements[0].at("statement").as_string(), IdOf("two"));
  BOOST_CHECK_EQUAL(statements[0].at("index").as_int64(), int64_t(before));
  BOOST_CHECK_EQUAL(statements[1].at("statement").as_string(), IdOf("one"));
  BOOST_CHECK_EQUAL(statements[1].at("repeated").as_bool(), false);
  const std::string lines = Read("logged.jsonl");
  BOOST_CHECK_EQUAL(std::count(lines.begin(), lines.end(), '\n'), 2);
  BOOST_CHECK_EQUAL(PayloadIn("logged.jsonl"), Read("two.json"));
}

BOOST_AUTO_TEST_CASE(a_key_of_the_trust_directory_will_do) {
  CheckDone(Run({"trust", "add", "site.pub", "--party", "lab", "--kinds", "dataset", "--name",
                 "site", "--trust", "trust"}));
  CheckDone(Append({"one.sigstore.json", "--trust", "trust"}));
}

BOOST_AUTO_TEST_CASE(errors_name_file_and_line_and_nothing_is_logged) {
  const uint64_t before = TreeSize();
  const Ran joined = carnet().Shell("{ cat one.sigstore.json; echo; echo '{}'; } > second.jsonl");
  BOOST_REQUIRE_EQUAL(joined.status, 0);
  CheckFailed(Append({"one.sigstore.json", "--key", "lab.pub"}), 1,
              "one.sigstore.json: line 1: publicKey.hint names key:");
  CheckFailed(Append({"second.jsonl", "--key", "site.pub"}), 1, "second.jsonl: line 2: mediaType");
  CheckFailed(Append({"one.sigstore.json", "--key", "site.key"}), 1, "site.key: ");
  CheckFailed(Append({"none.json", "--key", "site.pub"}), 3, "none.json: ");
  CheckFailed(Append({"one.sigstore.json", "--key", "site.pub", "--out", "one.json"}), 3,
              "one.json: the file already exists");
  CheckFailed(Append({"-", "-", "--key", "site.pub"}), 2, "");
  const Ran two = Append({"one.sigstore.json", "--key", "site.pub", "--out", "-", "--json"});
  BOOST_CHECK_EQUAL(two.status, 2);
  BOOST_CHECK(two.err.find("--out - and --json are two documents") != std::string::npos);
  BOOST_CHECK_EQUAL(TreeSize(), before);
}

BOOST_AUTO_TEST_CASE(a_public_key_prepares_and_does_not_sign) {
  const auto statement = boost::json::parse(Read("one.json"));
  const std::string id =
      carnet().Shell("openssl pkey -pubin -in site.pub -outform DER | sha256sum").out.substr(0, 64);
  BOOST_CHECK_EQUAL(statement.at("predicate").at("head").at("signer").as_string(), "key:" + id);
  const std::vector<std::string> attest = {"attest",   "--kind", "device", "device.json",
                                           "--ledger", "ledger", "--key",  "site.pub"};
  CheckFailed(Run(attest), 3, "site.pub: ");
  auto named = attest;
  named.insert(named.end(), {"--dry-run", "--idempotency-key", "job"});
  CheckFailed(Run(named), 3, "--idempotency-key: no nonce follows from a public key");
}

BOOST_AUTO_TEST_SUITE_END()
