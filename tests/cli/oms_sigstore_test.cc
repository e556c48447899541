// Model signatures by Sigstore's method, and trusted times of the other ones. The signatures are by
// OpenSSL and the specification's text (tests/support/test_sigstore.h), or were made by others.
#include <chrono>
#include <functional>

#include "core/base64.h"
#include "tests/cli/oms_model.h"
#include "tests/support/test_services.h"
#include "tests/support/test_sigstore.h"
#include "tests/support/vectors.h"

using namespace carnet;
using namespace carnet::test;

namespace {

namespace data = boost::unit_test::data;

struct Fixture : OmsModel {
  Fixture() : OmsModel("prime256v1", "sha256") { folder.Write("root.json", sigstore.root.Json()); }

  BundleParts Signed(SignPlan plan = {}) {
    plan.content = TestContent::kAttestation;
    if (plan.statement.empty()) plan.statement = Honest();
    return sigstore.Sign(plan);
  }
  Ran VerifyAs(const BundleParts& bundle, const std::string& identity = kTestIdentity,
               const std::string& provider = kTestIssuer) const {
    folder.Write("model.sig", bundle.Json());
    return carnet.Run({"oms", "verify", "sigstore", "model", "--signature", "model.sig",
                       "--identity", identity, "--identity-provider", provider, "--trusted-root",
                       "root.json", "--json"});
  }

  TestSigstore sigstore;
};

std::string CheckedAt(const Ran& ran) {
  return std::string(boost::json::parse(ran.out).at("checked_at").as_string());
}

struct Negative {
  const char* name;
  BundleParts (*make)(Fixture&);
  const char* reason;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Negative& negative) {
  return out << negative.name;
}

const Negative kNegatives[] = {
    {"no_time", [](Fixture& f) { return f.Signed({.stamped = false}); }, "no-verified-time",
     "nobody who is trusted says"},
    {"a_time_stamp_over_another_signature",
     [](Fixture& f) {
       auto bundle = f.Signed();
       bundle.tokens[0] = f.sigstore.Stamp({1, 2, 3});
       return bundle;
     },
     "bad-timestamp", ""},
    {"a_broken_promise",
     [](Fixture& f) {
       auto bundle = f.Signed({.logged_v1 = true, .logged_v2 = false});
       bundle.entries[0].integrated_time = "1760000001";
       return bundle;
     },
     "bad-promise", ""},
    {"no_log_entry", [](Fixture& f) { return f.Signed({.logged_v2 = false}); }, "malformed-bundle",
     "without tlogEntries"},
    {"a_log_that_nobody_trusts",
     [](Fixture& f) {
       auto root = f.sigstore.root;
       root.logs.clear();
       f.folder.Write("root.json", root.Json());
       return f.Signed();
     },
     "not-logged", "no log of the trusted root"},
    {"one_entry_twice",
     [](Fixture& f) {
       auto bundle = f.Signed();
       bundle.entries.push_back(bundle.entries[0]);
       return bundle;
     },
     "duplicate-log-entry", "two log entries"},
    {"an_entry_outside_the_tree",
     [](Fixture& f) {
       auto bundle = f.Signed();
       bundle.entries[0].hashes.pop_back();
       return bundle;
     },
     "bad-inclusion-proof", ""},
    {"an_entry_about_something_else",
     [](Fixture& f) {
       return f.Signed({.body = [](std::string& body) {
         char& digit = body[body.find(R"("digest":")") + 10];
         digit = digit == 'A' ? 'B' : 'A';
       }});
     },
     "wrong-log-body", "digest"},
    {"a_checkpoint_of_another_name",
     [](Fixture& f) {
       auto bundle = f.Signed();
       const std::string& note = bundle.entries[0].checkpoint;
       const std::string text = note.substr(0, note.find("\n\n") + 1);
       bundle.entries[0].checkpoint =
           f.sigstore.SignCheckpoint("other.example.org" + text.substr(text.find('\n')));
       return bundle;
     },
     "bad-checkpoint", "expected origin"},
    {"an_authority_that_nobody_trusts",
     [](Fixture& f) {
       auto root = f.sigstore.root;
       root.certificate_authorities.clear();
       f.folder.Write("root.json", root.Json());
       return f.Signed();
     },
     "untrusted-certificate", ""},
    {"a_certificate_for_servers",
     [](Fixture& f) {
       return f.Signed({.leaf = [](CertificateSpec& leaf) { leaf.usages = {"serverAuth"}; }});
     },
     "certificate-not-for-signing", "codeSigning"},
    {"a_certificate_that_no_log_saw",
     [](Fixture& f) {
       return f.Signed({.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); }});
     },
     "bad-sct", ""},
    {"a_certificate_that_was_over",
     [](Fixture& f) {
       return f.Signed({.leaf = [](CertificateSpec& leaf) {
         leaf.not_after = TimestampMs(kSignedAt.value() - 1'000);
       }});
     },
     "untrusted-certificate", ""},
    {"a_statement_about_nothing_of_the_kind",
     [](Fixture& f) { return f.Signed({.statement = TestSigstore::Statement()}); }, "other-version",
     ""},
    {"another_payload_type", [](Fixture& f) { return f.Signed({.payload_type = "text/plain"}); },
     "wrong-payload-type", "text/plain"},
    {"a_key",
     [](Fixture& f) {
       auto bundle = f.Signed({.signer = TestSigner::kKey, .stamped = false});
       return bundle;
     },
     "other-method", "expected a signature by Sigstore, found one by a key"},
    {"a_message_signature", [](Fixture& f) { return f.sigstore.Sign(); }, "malformed-bundle",
     "messageSignature"},
    {"a_root_of_other_files",
     [](Fixture& f) {
       std::string statement = f.Honest();
       const size_t at = statement.find(R"("sha256":")") + 10;
       statement[at] = statement[at] == 'a' ? 'b' : 'a';
       return f.Signed({.statement = statement});
     },
     "wrong-root", ""},
    {"a_file_that_changed",
     [](Fixture& f) {
       auto bundle = f.Signed();
       f.folder.Write("model/a.bin", "WEIGHTS");
       return bundle;
     },
     "changed-file", "a.bin"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_sigstore, Fixture)

BOOST_AUTO_TEST_CASE(an_identitys_signature_passes_at_its_trusted_time) {
  const Ran ran = VerifyAs(Signed());
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.out << ran.err);
  const auto result = boost::json::parse(ran.out);
  BOOST_CHECK_EQUAL(result.at("signer").as_string(),
                    std::string(kTestIdentity) + ", as " + kTestIssuer + " says");
  BOOST_CHECK_EQUAL(CheckedAt(ran), "2025-10-09T08:53:20.000Z (token of https://tsa.example.org)");
  BOOST_CHECK_EQUAL(result.at("signed").as_int64(), 2);
}

BOOST_AUTO_TEST_CASE(a_promise_of_rekor_1_is_a_time_too) {
  const Ran ran = VerifyAs(Signed({.logged_v1 = true, .logged_v2 = false, .stamped = false}));
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.out << ran.err);
  BOOST_CHECK(CheckedAt(ran).starts_with("2025-10-09T08:53:20.000Z (promise of "));
}

BOOST_AUTO_TEST_CASE(the_identity_must_be_exactly_the_wanted_one) {
  CheckReasons(VerifyAs(Signed(), "jane@example.or"), "wrong-identity", "expected identity");
  CheckReasons(VerifyAs(Signed(), ".*"), "wrong-identity", "expected identity");
  CheckReasons(VerifyAs(Signed(), kTestIdentity, "https://accounts.example.net"), "wrong-identity",
               "expected issuer");
}

BOOST_DATA_TEST_CASE_F(Fixture, refuses_for_this_reason, kNegatives, negative) {
  CheckReasons(VerifyAs(negative.make(*this)), negative.reason, negative.message);
}

BOOST_AUTO_TEST_CASE(underscores_and_what_is_missing) {
  folder.Write("model.sig", Signed().Json());
  const std::vector<std::string> given = {"oms",         "verify",    "sigstore",   "model",
                                          "--signature", "model.sig", "--identity", kTestIdentity};
  auto whole = given;
  whole.insert(whole.end(), {"--identity_provider", kTestIssuer, "--trusted_root", "root.json"});
  CheckDone(carnet.Run(whole));
  BOOST_CHECK_EQUAL(carnet.Run(given).status, 2);
  whole.back() = "none.json";
  CheckFailed(carnet.Run(whole), 3, "none.json");
}

struct Real {
  const char* folder;
  std::vector<std::string> options;
};
std::ostream& operator<<(std::ostream& out, const Real& real) { return out << real.folder; }
const Real kReal[] = {{"v0.3.1-sigstore", {}},
                      {"v1.0.0-sigstore", {}},
                      {"v1.0.1-sigstore", {"--ignore-paths", "ignore-me"}},
                      {"v1.1.0-sigstore", {}}};

// By the public instance's trusted root, as shipped.
BOOST_DATA_TEST_CASE_F(Fixture, what_model_signing_signed_passes, kReal, real) {
  if (!HasVectors("model-signing")(boost::unit_test::framework::current_test_case().p_id)) return;
  const std::string model = (VectorsFolder() / "model-signing/bundles" / real.folder).string();
  std::vector<std::string> arguments = {"oms",
                                        "verify",
                                        "sigstore",
                                        model,
                                        "--signature",
                                        model + "/model.sig",
                                        "--identity",
                                        "stefanb@us.ibm.com",
                                        "--identity-provider",
                                        "https://sigstore.verify.ibm.com/oauth2",
                                        "--json"};
  arguments.insert(arguments.end(), real.options.begin(), real.options.end());
  const Ran ran = carnet.Run(arguments);
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.out << ran.err);
  arguments[7] = "somebody@us.ibm.com";
  CheckReasons(carnet.Run(arguments), "wrong-identity", "stefanb@us.ibm.com");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// Signed by `k.pem` with a certificate that was valid for ten minutes in 2025, and stamped then.
struct Stamped : Fixture {
  Stamped() {
    MustRun("cd '" + folder.str() + "' && openssl pkey -in k.pem -pubout -outform DER -out k.spki");
    const TestKey key = TestKey::FromSpki(ToBytes(AsBytes(Slurp(folder.path() / "k.spki"))));
    const Bytes leaf = MakeCertificate({.common_name = "lab",
                                        .not_before = TimestampMs(kSignedAt.value() - 300'000),
                                        .not_after = TimestampMs(kSignedAt.value() + 300'000),
                                        .usages = {"codeSigning"}},
                                       key, &sigstore.intermediate);
    chain = R"("x509CertificateChain":{"certificates":[{"rawBytes":")" + TestBase64(leaf) +
            R"("},{"rawBytes":")" + TestBase64(sigstore.intermediate.certificate) + R"("}]})";
    folder.Write("ca.pem", CertificatePem(sigstore.authority.certificate));
    Sign(Honest(), "application/vnd.in-toto+json", chain);
    signature = ToBytes(AsBytes(Slurp(folder.path() / "sig")));
  }
  void AddToken(const Bytes& token) const {
    std::string text = Slurp(folder.path() / "model.sig");
    text.replace(text.find(chain), chain.size(),
                 chain +
                     R"(,"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":")" +
                     TestBase64(token) + R"("}]})");
    folder.Write("model.sig", text);
  }
  Ran VerifyThen(std::vector<std::string> more = {"--trusted-root", "root.json"}) const {
    std::vector<std::string> arguments = {
        "oms",         "verify",    "certificate",         "model", "--json",
        "--signature", "model.sig", "--certificate-chain", "ca.pem"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return carnet.Run(arguments);
  }

  std::string chain;
  Bytes signature;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_times, Stamped)

BOOST_AUTO_TEST_CASE(a_certificate_is_judged_at_its_trusted_time) {
  CheckReasons(VerifyThen(), "certificate-not-valid", "is valid from 2025-10-09");
  AddToken(sigstore.Stamp(signature));
  const Ran ran = VerifyThen();
  BOOST_CHECK_MESSAGE(ran.status == 0, ran.out << ran.err);
  BOOST_CHECK_EQUAL(CheckedAt(ran), "2025-10-09T08:53:20.000Z (token of https://tsa.example.org)");
  const Ran now = VerifyThen({});
  CheckReasons(now, "certificate-not-valid", "is valid from 2025-10-09");
  BOOST_CHECK(CheckedAt(now).ends_with("(now: the signature has no trusted time)"));
}

BOOST_AUTO_TEST_CASE(a_time_outside_the_certificate_is_a_no) {
  AddToken(sigstore.Stamp(signature, TimestampMs(kSignedAt.value() + 600'000)));
  CheckReasons(VerifyThen(), "certificate-not-valid", "not at 2025-10-09T09:03:20.000Z");
}

BOOST_AUTO_TEST_CASE(a_bad_time_stamp_is_a_no) {
  AddToken(sigstore.Stamp({1, 2, 3}));
  CheckReasons(VerifyThen(), "bad-timestamp", "");
}

BOOST_AUTO_TEST_CASE(a_strangers_time_stamp_says_nothing) {
  AddToken(sigstore.Stamp(signature));
  auto root = sigstore.root;
  root.timestamp_authorities.clear();
  folder.Write("root.json", root.Json());
  CheckReasons(VerifyThen(), "certificate-not-valid", "is valid from 2025-10-09");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Signing : OmsModel {
  static TimestampMs WholeSecond() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return TimestampMs(
        static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count()) *
        1'000);
  }
  TestServices services{WholeSecond()};

  Signing() {
    folder.Write("root.json", services.sigstore.root.Json());
    folder.Write("config.json", services.SigningConfig());
    folder.Write("token", services.IdentityToken());
  }
  // Of the model's two files, in their order.
  std::string RootByTools() const {
    return MustRun(
               "cd '" + folder.str() +
               "/model' && printf \"$(cat a.bin | sha256sum | cut -c -64; sha256sum < sub/b.txt "
               "| cut -c -64)\" | tr -d '\\n' | python3 -c 'import sys,hashlib; "
               "print(hashlib.sha256(bytes.fromhex(sys.stdin.read())).hexdigest())'")
        .substr(0, 64);
  }
  Ran SignBy(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "oms",   "sign",           "sigstore", "model", "--identity-token",
        "token", "--trusted-root", "root.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return carnet.Run(arguments);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(oms_sign_sigstore, Signing)

BOOST_AUTO_TEST_CASE(signs_a_model_for_the_identity_of_the_token) {
  const Ran ran = SignBy({"--signing-config", "config.json"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("signed      2 files or shards\n") != ran.out.npos);
  const Ran verified = carnet.Run({"oms", "verify", "sigstore", "model", "--signature", "model.sig",
                                   "--identity", kTestIdentity, "--identity-provider", kTestIssuer,
                                   "--trusted-root", "root.json"});
  CheckDone(verified);
  CheckDone(carnet.Run({"verify-attestation", "--bundle", "model.sig", "--certificate-identity",
                        kTestIdentity, "--certificate-oidc-issuer", kTestIssuer, "--trusted-root",
                        "root.json", "--type", "https://model_signing/signature/v1.0",
                        "sha256:" + RootByTools()}));
}

BOOST_AUTO_TEST_CASE(what_no_log_would_have_is_wrong_usage) {
  const Ran ran =
      SignBy({"--fulcio-url", services.url(), "--timestamp-url", services.url(kStampPath)});
  BOOST_CHECK_EQUAL(ran.status, 2);
  BOOST_CHECK(ran.err.find("a signature by Sigstore is logged") != ran.err.npos);
  BOOST_CHECK(services.asked.empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_written_that_does_not_verify) {
  services.entry = [](EntryParts& entry) { entry.hashes.pop_back(); };
  const Ran ran = SignBy({"--signing-config", "config.json"});
  BOOST_CHECK_EQUAL(ran.status, 3);
  BOOST_CHECK(ran.err.find("bad-inclusion-proof") != ran.err.npos);
  BOOST_CHECK_EQUAL(MustRun("ls '" + folder.str() + "'").find("model.sig"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
