// carnet sign-blob, with and without services: what it writes verifies with openssl and with
// verify-blob; where anything is wrong it writes nothing and says why.
#include <chrono>
#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/cli/doc_blocks.h"
#include "tests/support/test.h"
#include "tests/support/test_services.h"
#include "tests/support/vectors.h"

using namespace carnet;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

// Of a second past: an authority's clock is not ahead of this machine's.
TimestampMs WholeSecondNow() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count()) *
      1'000);
}

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
  TestServices services{WholeSecondNow()};

  Fixture() {
    folder.Write("artifact", kTestArtifact);
    folder.Write("root.json", services.sigstore.root.Json());
    folder.Write("config.json", services.SigningConfig());
    folder.Write("token", services.IdentityToken());
    CheckDone(carnet.Run({"keygen", "--out", "lab"}));
  }

  Ran Sign(std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"sign-blob", "artifact", "--bundle", "out.json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return carnet.Run(arguments);
  }
  Ran SignKeyless(std::vector<std::string> more = {}) const {
    std::vector<std::string> options = {"--identity-token", "token",          "--signing-config",
                                        "config.json",      "--trusted-root", "root.json"};
    options.insert(options.end(), more.begin(), more.end());
    return Sign(options);
  }
  Ran Verify(std::vector<std::string> who) const {
    std::vector<std::string> arguments = {"verify-blob", "--bundle", "out.json"};
    arguments.insert(arguments.end(), who.begin(), who.end());
    arguments.emplace_back("artifact");
    return carnet.Run(arguments);
  }

  void CheckNothing(const Ran& ran, int status, const std::string& why) const {
    BOOST_CHECK_EQUAL(ran.status, status);
    BOOST_CHECK_MESSAGE(ran.err.find(why) != std::string::npos, ran.err << " lacks " << why);
    BOOST_CHECK_EQUAL(ran.out, "");
    BOOST_CHECK(!fs::exists(folder / "out.json"));
  }
};

void CheckHas(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos, text << " lacks " << part);
}

const std::vector<std::string> kTrustedJane = {
    "--certificate-identity", kTestIdentity, "--certificate-oidc-issuer", kTestIssuer,
    "--trusted-root",         "root.json"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sign_blob, Fixture)

BOOST_AUTO_TEST_CASE(a_key_signs_offline_as_openssl_verifies_it) {
  const Ran ran = Sign({"--key", "lab.key"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("signed\nartifact    sha256:"));
  CheckDone(
      carnet.Shell("grep -o '\"signature\":\"[^\"]*\"' out.json | cut -d '\"' -f 4 | "
                   "base64 -d > sig && openssl dgst -sha256 -verify lab.pub -signature sig "
                   "artifact"));
  CheckDone(Verify({"--key", "lab.pub", "--insecure-ignore-tlog"}));
  BOOST_CHECK_EQUAL(carnet.Shell("wc -l < out.json").out, "1\n");
  BOOST_CHECK(services.asked.empty());
}

BOOST_AUTO_TEST_CASE(the_document_signs_a_file) {
  folder.Write("model.bin", kTestArtifact);
  CheckDone(carnet.Shell("set -e\n" + BlocksOf("signing.md").at("sign-file")));
}

BOOST_AUTO_TEST_CASE(keyless_signs_for_the_identity_of_the_token) {
  const Ran ran = SignKeyless();
  CheckDone(ran);
  CheckHas(ran.out,
           std::string("signer      ") + kTestIdentity + ", as " + kTestIssuer + " says\n");
  CheckHas(ran.out, "token of https://tsa.example.org\n");
  CheckHas(ran.out, "log         rekor2.example.org, entry 2, in a tree of 5\n");
  const Ran verified = Verify(kTrustedJane);
  CheckDone(verified);
  BOOST_CHECK(verified.out.find("not checked") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_token_may_be_in_the_environment) {
  carnet.Set("SIGSTORE_ID_TOKEN", services.IdentityToken());
  CheckDone(Sign({"--fulcio-url", services.url(), "--timestamp-url", services.url(kStampPath),
                  "--trusted-root", "root.json"}));
  auto unlogged = kTrustedJane;
  unlogged.emplace_back("--insecure-ignore-tlog");
  CheckDone(Verify(unlogged));
  const std::vector<std::string> asked = {kFulcioPath, kStampPath};
  BOOST_CHECK(services.asked == asked);
}

BOOST_AUTO_TEST_CASE(a_key_may_have_a_time_stamp_and_a_log_entry) {
  const Ran ran = Sign({"--key", "lab.key", "--timestamp-server-url", services.url(kStampPath),
                        "--rekor-url", services.url(), "--trusted-root", "root.json", "--json"});
  CheckDone(ran);
  const auto document = boost::json::parse(ran.out);
  BOOST_CHECK_EQUAL(NamesIn(document), "artifact bundle log signer times");
  BOOST_CHECK_EQUAL(std::string(document.at("bundle").as_string()), "out.json");
  BOOST_CHECK_EQUAL(document.at("times").as_array().size(), 1U);
  BOOST_CHECK_EQUAL(document.at("log").as_array().size(), 1U);
  CheckDone(Verify({"--key", "lab.pub", "--trusted-root", "root.json"}));
}

BOOST_AUTO_TEST_CASE(a_given_certificate_stands_for_its_key) {
  folder.Write("spki.der", carnet.Shell("openssl pkey -pubin -in lab.pub -outform DER").out);
  const TestKey key = TestKey::FromSpki(ToBytes(AsBytes(Slurp(folder.path() / "spki.der"))));
  folder.Write("lab.pem",
               CertificatePem(MakeCertificate({.names = {{TestNameForm::kEmail, kTestIdentity}},
                                               .usages = {"codeSigning"},
                                               .extensions = {FulcioIssuerV2(kTestIssuer)},
                                               .logs = {{services.sigstore.ct_key, kSignedAt}}},
                                              key, &services.sigstore.intermediate)));
  const std::vector<std::string> options = {"--key",          "lab.key",          "--certificate",
                                            "lab.pem",        "--signing-config", "config.json",
                                            "--trusted-root", "root.json"};
  CheckDone(Sign(options));
  CheckDone(Verify(kTrustedJane));
  fs::remove(folder / "out.json");
  CheckDone(carnet.Run({"keygen", "--out", "other"}));
  auto others = options;
  others[1] = "other.key";
  CheckNothing(Sign(others), 3, "lab.pem: the certificate is for another key");
  CheckNothing(Sign({"--key", "lab.key", "--certificate", "lab.pem"}), 2,
               "counts with a time stamp only");
}

BOOST_AUTO_TEST_CASE(writes_nothing_that_does_not_verify) {
  services.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); };
  CheckNothing(SignKeyless(), 3, "has no certificate timestamp (SCT)");
  services.leaf = {};
  services.stamp = [](TimestampSpec& spec) { (*spec.imprint_digest)[0] ^= 1; };
  CheckNothing(SignKeyless(), 3, "the time stamp of http://127.0.0.1:");
  services.stamp = {};
  services.entry = [](EntryParts& entry) { entry.hashes.pop_back(); };
  CheckNothing(SignKeyless(), 3, "does not verify: bad-inclusion-proof: ");
  services.entry = {};
  services.instead = {{kFulcioPath, {403, "text/plain", "not you"}}};
  CheckNothing(SignKeyless(), 3, "status 403; it says: not you");
  services.instead = {};
  folder.Write("token", services.IdentityToken(
                            R"({"iss":"https://a.example","sub":"a","aud":"sigstore","exp":1})"));
  CheckNothing(SignKeyless(), 3, "token: identity token: the token has expired");
}

BOOST_AUTO_TEST_CASE(a_token_is_never_shown) {
  services.instead = {{kFulcioPath, {401, "text/plain", "no"}}};
  const Ran ran = SignKeyless({"--verbose"});
  const std::string token = services.IdentityToken();
  const std::string secret = token.substr(token.find('.') + 1, 40);
  BOOST_CHECK_EQUAL(ran.status, 3);
  BOOST_CHECK((ran.out + ran.err).find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(options_that_do_not_go_together_are_wrong_usage) {
  CheckNothing(Sign({}), 2, "without --key, say whom to ask");
  CheckNothing(Sign({"--key", "lab.key", "--identity-token", "token"}), 2,
               "--key excludes --identity-token");
  CheckNothing(Sign({"--key", "lab.key", "--fulcio-url", "https://a.example"}), 2,
               "--fulcio-url is for signing without --key");
  CheckNothing(Sign({"--key", "lab.key", "--trusted-root", "root.json"}), 2,
               "--trusted-root is about");
  CheckNothing(Sign({"--certificate", "lab.pem", "--signing-config", "config.json"}), 2,
               "--certificate needs the --key");
  CheckNothing(SignKeyless({"--rekor-url", "https://a.example"}), 2, "excludes");
  CheckNothing(Sign({"--key", "lab.key", "--timestamp-url", "http://a.example"}), 3,
               "--timestamp-url: ");
  CheckNothing(Sign({"--signing-config", "config.json", "--trusted-root", "root.json"}), 3,
               "neither key nor identity token");
  const Ran both =
      carnet.Run({"sign-blob", "artifact", "--bundle", "-", "--key", "lab.key", "--json"});
  BOOST_CHECK_EQUAL(both.status, 2);
  CheckHas(both.err, "--bundle - and --json are two documents");
}

BOOST_AUTO_TEST_CASE(overwrites_with_force_only_and_asks_nobody_before) {
  folder.Write("out.json", "mine");
  const Ran refused = SignKeyless();
  BOOST_CHECK_EQUAL(refused.status, 3);
  CheckHas(refused.err, "--force");
  BOOST_CHECK_EQUAL(Slurp(folder.path() / "out.json"), "mine");
  BOOST_CHECK(services.asked.empty());
  CheckDone(SignKeyless({"--force"}));
  CheckDone(Verify(kTrustedJane));
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_not_signed) {
  const auto sign = [this](const std::string& artifact) {
    return carnet.Run({"sign-blob", artifact, "--bundle", "out.json", "--key", "lab.key"});
  };
  CheckNothing(sign("none"), 3, "none: ");
  CheckNothing(sign("."), 3, ".: not a regular file");
  BOOST_REQUIRE_EQUAL(carnet.Shell("mkfifo pipe").status, 0);
  CheckNothing(sign("pipe"), 3, "pipe: not a regular file");
  carnet.Set("CARNET_PASSWORD", "wrong");
  CheckNothing(Sign({"--key", "lab.key"}), 3, "wrong password");
}

// Standard output has the bundle and nothing else.
BOOST_AUTO_TEST_CASE(a_bundle_goes_to_standard_output) {
  const Ran ran = carnet.Run({"sign-blob", "artifact", "--bundle", "-", "--key", "lab.key"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("{\"mediaType\":"));
  BOOST_CHECK(ran.out.ends_with("}\n"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Suite : Fixture {
  // As the suite asks, in its order.
  Ran SignBundle(const std::string& flags, const std::string& more = "",
                 const std::string& file = "artifact") const {
    return carnet.Shell(CARNET_CONFORMANCE " sign-bundle " + flags + " --identity-token \"" +
                        services.IdentityToken() + "\" --bundle out.json " + more + " " + file);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conformance_sign, Suite)

BOOST_AUTO_TEST_CASE(signs_a_file_that_the_verifier_takes) {
  const std::string services_given = "--trusted-root root.json --signing-config config.json";
  for (const char* const staging : {"", "--staging"}) {
    const Ran ran = SignBundle(staging, services_given);
    BOOST_CHECK_MESSAGE(ran.status == 0, ran.err);
    BOOST_CHECK_EQUAL(ran.out, "");
    CheckDone(Verify(kTrustedJane));
    CheckDone(carnet.Shell(CARNET_CONFORMANCE
                           " verify-bundle --bundle out.json --certificate-identity "
                           "jane@example.org --certificate-oidc-issuer "
                           "https://accounts.example.org --trusted-root root.json artifact"));
  }
}

BOOST_AUTO_TEST_CASE(signs_a_statement_as_it_is) {
  folder.Write("statement.json", TestSigstore::Statement());
  const std::string services_given = "--trusted-root root.json --signing-config config.json";
  const Ran ran = SignBundle("--in-toto", services_given, "statement.json");
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.err);
  auto attested = kTrustedJane;
  attested.insert(attested.begin(),
                  {"verify-attestation", "--bundle", "out.json", "--type", kTestPredicateType});
  attested.emplace_back("artifact");
  CheckDone(carnet.Run(attested));
  CheckDone(
      carnet.Shell("grep -o '\"payload\":\"[^\"]*\"' out.json | cut -d '\"' -f 4 | "
                   "base64 -d | cmp - statement.json"));
}

BOOST_AUTO_TEST_CASE(says_what_is_missing_and_writes_nothing) {
  CheckNothing(SignBundle(""), 1, "no signing configuration is shipped");
  // By the staging instance's trusted root, which knows nothing of these services.
  CheckNothing(SignBundle("--staging", "--signing-config config.json"), 1,
               "no trusted authority has issued the certificate");
  CheckNothing(SignBundle("--key lab.key"), 1, "unknown option --key");
  CheckNothing(carnet.Shell(CARNET_CONFORMANCE " verify-bundle --in-toto --bundle b artifact"), 1,
               "unknown option --in-toto");
  CheckNothing(SignBundle("--in-toto", "--trusted-root root.json --signing-config config.json"), 1,
               "statement: ");
  services.instead = {{kStampPath, {403, "text/plain", "not you"}}};
  CheckNothing(SignBundle("", "--trusted-root root.json --signing-config config.json"), 1,
               "status 403");
}

BOOST_AUTO_TEST_SUITE_END()
