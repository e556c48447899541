// carnet attest with services: time stamps, certificates, no key at all. What goes wrong is not
// logged.
#include <chrono>
#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/certified.h"
#include "tests/support/test.h"
#include "tests/support/test_services.h"
#include "tests/support/vectors.h"

using namespace carnet;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

TimestampMs LastWholeSecond() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count()) *
      1'000);
}

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
  TestServices services{LastWholeSecond()};

  Fixture() {
    folder.Write("data/one.txt", "one\n");
    folder.Write("root.json", services.sigstore.root.Json());
    folder.Write("config.json", services.SigningConfig());
    folder.Write("token", services.IdentityToken());
    CheckDone(carnet.Run({"keygen", "--out", "lab"}));
    CheckDone(carnet.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}));
  }

  Ran Attest(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {
        "attest",   "--kind", "dataset", "--files", "data", "--set", "sources.kind=public",
        "--ledger", "ledger", "--out",   "out.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return carnet.Run(arguments);
  }
  Ran AttestKeyless(std::vector<std::string> more = {}) const {
    std::vector<std::string> options = {"--identity-token", "token",          "--signing-config",
                                        "config.json",      "--trusted-root", "root.json"};
    options.insert(options.end(), more.begin(), more.end());
    return Attest(options);
  }
  // The ledger's own entry is for its own trusted root.
  Ran Verify(std::vector<std::string> who, const std::string& bundle = "out.json") const {
    std::vector<std::string> arguments = {"verify-attestation",
                                          "--bundle",
                                          bundle,
                                          "--trusted-root",
                                          "root.json",
                                          "--type",
                                          "urn:carnet:dataset:v1",
                                          "--insecure-ignore-tlog"};
    arguments.insert(arguments.end(), who.begin(), who.end());
    arguments.emplace_back("data/one.txt");
    return carnet.Run(arguments);
  }
  std::string Size() const {
    return carnet.Shell("carnet ledger info ledger --json | grep -o '\"tree_size\": [0-9]*'").out;
  }
  void CheckNothing(const Ran& ran, int status, const std::string& why) const {
    BOOST_CHECK_EQUAL(ran.status, status);
    BOOST_CHECK_MESSAGE(ran.err.find(why) != std::string::npos, ran.err << " lacks " << why);
    BOOST_CHECK(!fs::exists(folder / "out.json"));
    BOOST_CHECK_EQUAL(Size(), "\"tree_size\": 0\n");
  }
  std::string SignerInHead() const {
    return carnet
        .Shell(
            "grep -o '\"payload\":\"[^\"]*\"' out.json | cut -d '\"' -f 4 | base64 -d | "
            "grep -o '\"signer\":\"[^\"]*\"' | cut -d '\"' -f 4 | tr -d '\\n'")
        .out;
  }
};

const std::vector<std::string> kByJane = {"--certificate-identity", kTestIdentity,
                                          "--certificate-oidc-issuer", kTestIssuer};

void CheckSays(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos, text << " lacks " << part);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attest_services, Fixture)

BOOST_AUTO_TEST_CASE(a_time_stamp_goes_with_the_statement_and_stays_with_it) {
  const Ran ran = Attest({"--key", "lab.key", "--timestamp-url", services.url(kStampPath),
                          "--trusted-root", "root.json"});
  CheckDone(ran);
  const Ran verified = Verify({"--key", "lab.pub"});
  CheckDone(verified);
  CheckSays(verified.out, "token of https://tsa.example.org");
  const std::string id = ran.out.substr(0, 64);
  CheckDone(carnet.Shell("carnet passport collect " + id + " --ledger ledger > again.json"));
  CheckSays(Verify({"--key", "lab.pub"}, "again.json").out, "token of https://tsa.example.org");
}

BOOST_AUTO_TEST_CASE(without_a_key_the_signer_is_the_identity) {
  carnet.Set("CARNET_KEY", "lab.key");  // not asked for
  CheckDone(AttestKeyless());
  BOOST_CHECK_EQUAL(SignerInHead(), IdText(kTestIdentity, kTestIssuer));
  const Ran verified = Verify(kByJane);
  CheckDone(verified);
  CheckSays(verified.out, std::string("signer      ") + kTestIdentity);
  const std::vector<std::string> asked = {kFulcioPath, kStampPath};  // the ledger is the log
  BOOST_CHECK(services.asked == asked);
  CheckSays(AttestKeyless({"--key", "lab.key"}).err, "excludes");
}

BOOST_AUTO_TEST_CASE(the_token_may_be_the_environments) {
  carnet.Set("SIGSTORE_ID_TOKEN", services.IdentityToken());
  CheckDone(Attest({"--identity-token", "ambient", "--fulcio-url", services.url(),
                    "--timestamp-url", services.url(kStampPath), "--trusted-root", "root.json"}));
  BOOST_CHECK_EQUAL(SignerInHead(), IdText(kTestIdentity, kTestIssuer));
}

// Each call has another key and another certificate, but one identity.
BOOST_AUTO_TEST_CASE(a_repeated_call_is_harmless) {
  const std::vector<std::string> nonce = {"--nonce", "00112233445566778899aabbccddeeff"};
  const Ran first = AttestKeyless(nonce);
  CheckDone(first);
  const std::string written = Slurp(folder.path() / "out.json");
  const Ran again = AttestKeyless(nonce);
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, first.out);
  CheckSays(again.err, "already recorded");
  BOOST_CHECK_EQUAL(Slurp(folder.path() / "out.json"), written);
  BOOST_CHECK_EQUAL(Size(), "\"tree_size\": 1\n");
}

BOOST_AUTO_TEST_CASE(a_given_certificate_stands_for_its_key) {
  const std::string spki = carnet.Shell("openssl pkey -pubin -in lab.pub -outform DER").out;
  folder.Write("lab.pem",
               CertificatePem(MakeCertificate({.names = {{TestNameForm::kEmail, kTestIdentity}},
                                               .usages = {"codeSigning"},
                                               .extensions = {FulcioIssuerV2(kTestIssuer)}},
                                              TestKey::FromSpki(ToBytes(AsBytes(spki))),
                                              &services.sigstore.intermediate)));
  CheckNothing(Attest({"--key", "lab.key", "--certificate", "lab.pem"}), 2,
               "counts with a time stamp only");
  CheckDone(Attest({"--key", "lab.key", "--certificate", "lab.pem", "--timestamp-url",
                    services.url(kStampPath), "--trusted-root", "root.json"}));
  BOOST_CHECK_EQUAL(SignerInHead(), IdText(kTestIdentity, kTestIssuer));
  auto without_sct = kByJane;
  without_sct.emplace_back("--insecure-ignore-sct");
  CheckDone(Verify(without_sct));
}

BOOST_AUTO_TEST_CASE(logs_nothing_that_does_not_verify) {
  services.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); };
  CheckNothing(AttestKeyless(), 3, "has no certificate timestamp (SCT)");
  services.leaf = [this](CertificateSpec& leaf) {
    leaf.not_after = TimestampMs(services.now.value() - 60'000);
  };
  CheckNothing(AttestKeyless(), 3, "does not verify: untrusted-certificate: ");
  services.leaf = [](CertificateSpec& leaf) { leaf.names = {{TestNameForm::kDns, kTestIdentity}}; };
  CheckNothing(AttestKeyless(), 3, "as a name of type dns, but such a text is of type email");
  services.leaf = {};
  services.stamp = [](TimestampSpec& spec) { (*spec.imprint_digest)[0] ^= 1; };
  CheckNothing(AttestKeyless(), 3, "the time stamp of http://127.0.0.1:");
  services.stamp = {};
  services.instead = {{kStampPath, {502, "text/plain", ""}}};
  CheckNothing(AttestKeyless(), 3, "status 502");
}

BOOST_AUTO_TEST_CASE(options_that_do_not_go_together_are_wrong_usage) {
  CheckNothing(AttestKeyless({"--idempotency-key", "job-1"}), 2, "follows from the key");
  CheckNothing(Attest({"--identity-token", "token"}), 2, "without --key, say whom to ask");
  CheckNothing(Attest({"--key", "lab.key", "--trusted-root", "root.json"}), 2,
               "--trusted-root is about");
  CheckNothing(Attest({}), 2, "no key is given");
}

BOOST_AUTO_TEST_SUITE_END()
