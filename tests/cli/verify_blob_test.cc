// carnet verify-blob and verify-attestation, and carnet-conformance, on bundles of a private
// Sigstore.
#include "core/hex.h"
#include "tests/cli/cli_world.h"
#include "tests/support/test.h"
#include "tests/support/test_sigstore.h"
#include "tests/support/vectors.h"

using namespace carnet;
using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
  TestSigstore sigstore;

  Fixture() {
    folder.Write("artifact", kTestArtifact);
    folder.Write("other", "another artifact\n");
    folder.Write("root.json", sigstore.root.Json());
  }

  // Signed anew, as b.json, with k.pub where a key has signed.
  void Sign(const SignPlan& plan) {
    folder.Write("b.json", sigstore.Sign(plan).Json());
    folder.Write("k.pub", sigstore.key.PublicPem());
  }

  Ran Verify(const std::string& command, std::vector<std::string> who,
             const std::string& artifact = "artifact") const {
    std::vector<std::string> arguments = {command, "--bundle", "b.json", "--trusted-root",
                                          "root.json"};
    arguments.insert(arguments.end(), who.begin(), who.end());
    arguments.push_back(artifact);
    return carnet.Run(arguments);
  }
  Ran Conformance(const std::string& arguments) const {
    return carnet.Shell(CARNET_CONFORMANCE " " + arguments);
  }
};

const std::vector<std::string> kJane = {"--certificate-identity", kTestIdentity,
                                        "--certificate-oidc-issuer", kTestIssuer};
const std::vector<std::string> kByKey = {"--key", "k.pub"};

std::string ArtifactDigest() { return "sha256:" + HexEncode(TestSha256(AsBytes(kTestArtifact))); }

void CheckSays(const Ran& ran, int status, const std::string& text) {
  BOOST_CHECK_EQUAL(ran.status, status);
  BOOST_CHECK_MESSAGE((ran.out + ran.err).find(text) != std::string::npos,
                      ran.out << ran.err << " lacks " << text);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verify_blob, Fixture)

BOOST_AUTO_TEST_CASE(says_who_signed_when_and_where_it_is_logged) {
  Sign({});
  const Ran ran = Verify("verify-blob", kJane);
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ran.err, "");
  BOOST_CHECK_EQUAL(ran.out,
                    "verified\n"
                    "signer      jane@example.org, as https://accounts.example.org says\n"
                    "time        2025-10-09T08:53:20.000Z, token of https://tsa.example.org\n"
                    "log         rekor2.example.org, entry 2, in a tree of 5\n");
}

BOOST_AUTO_TEST_CASE(takes_the_digest_instead_of_the_file) {
  Sign({});
  CheckSays(Verify("verify-blob", kJane, ArtifactDigest()), 0, "verified\n");
  CheckSays(Verify("verify-blob", kJane, "sha256:" + std::string(64, '0')), 1,
            "reason      wrong-artifact\n");
}

BOOST_AUTO_TEST_CASE(names_what_a_key_leaves_open) {
  Sign({.signer = TestSigner::kKey, .logged_v2 = false, .stamped = false});
  CheckSays(Verify("verify-blob", kByKey), 1, "reason      not-logged\n");
  std::vector<std::string> waived = kByKey;
  waived.push_back("--insecure-ignore-tlog");
  const Ran ran = Verify("verify-blob", waived);
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ran.out,
                    "verified\nsigner      key:" + HexEncode(TestSha256(sigstore.key.Spki())) +
                        "\nnot checked whether it was logged\n"
                        "not checked when it was signed: nobody who is trusted says\n");
}

BOOST_AUTO_TEST_CASE(an_attestation_is_asked_for_by_its_type) {
  Sign({.content = TestContent::kAttestation});
  std::vector<std::string> typed = kJane;
  typed.insert(typed.end(), {"--type", kTestPredicateType});
  CheckSays(Verify("verify-attestation", typed), 0,
            "statement   https://example.org/predicate/v1\n");
  typed.back() = "slsaprovenance1";
  CheckSays(Verify("verify-attestation", typed), 1,
            "because     expected predicate type https://slsa.dev/provenance/v1, found "
            "https://example.org/predicate/v1\n");
  CheckSays(Verify("verify-blob", kJane), 1,
            "expected a signature of the artifact, found an attestation about it");
}

BOOST_AUTO_TEST_CASE(expressions_match_the_whole_identity) {
  Sign({});
  CheckSays(Verify("verify-blob", {"--certificate-identity-regexp", ".*@example\\.org",
                                   "--certificate-oidc-issuer-regexp", "https://accounts\\..*"}),
            0, "verified\n");
  CheckSays(Verify("verify-blob", {"--certificate-identity-regexp", "ane@example",
                                   "--certificate-oidc-issuer", kTestIssuer}),
            1, "because     expected identity /ane@example/, found jane@example.org\n");
  CheckSays(Verify("verify-blob", {"--certificate-identity-regexp", "(",
                                   "--certificate-oidc-issuer", kTestIssuer}),
            2, "--certificate-identity-regexp: not a regular expression: missing ): (");
}

BOOST_AUTO_TEST_CASE(a_waived_demand_is_named) {
  Sign({.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); }});
  CheckSays(Verify("verify-blob", kJane), 1, "reason      bad-sct\n");
  std::vector<std::string> waived = kJane;
  waived.push_back("--insecure-ignore-sct");
  CheckSays(Verify("verify-blob", waived), 0,
            "not checked whether the certificate was logged (SCT)\n");
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  Sign({.content = TestContent::kAttestation});
  std::vector<std::string> arguments = kJane;
  arguments.push_back("--json");
  const auto json = boost::json::parse(Verify("verify-attestation", arguments).out);
  BOOST_CHECK_EQUAL(NamesIn(json), "log not_checked predicate_type signer times verified");
  BOOST_CHECK_EQUAL(NamesIn(json.at("signer")), "identity issuer");
  BOOST_CHECK_EQUAL(NamesIn(json.at("times").at(0)), "source time");
  BOOST_CHECK_EQUAL(NamesIn(json.at("log").at(0)), "index log tree_size");
  BOOST_CHECK(json.at("verified").as_bool());
  const Ran no = Verify("verify-attestation", arguments, "other");
  BOOST_CHECK_EQUAL(no.status, 1);
  const auto refused = boost::json::parse(no.out);
  BOOST_CHECK_EQUAL(NamesIn(refused), "message reason verified");
  BOOST_CHECK_EQUAL(refused.at("reason").as_string(), "wrong-artifact");
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_told_from_a_no) {
  Sign({});
  CheckSays(Verify("verify-blob", {}), 2, "say who must have signed: --key, or");
  CheckSays(Verify("verify-blob", {"--certificate-identity", "jane"}), 2,
            "say who must have signed");
  std::vector<std::string> both = kJane;
  both.insert(both.end(), {"--key", "k.pub"});
  CheckSays(Verify("verify-blob", both), 2, "are two ways to say who must have signed");
  CheckSays(Verify("verify-blob", {"--key", "k.pub", "--insecure-ignore-sct"}), 2,
            "--insecure-ignore-sct is about a certificate, not --key");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_from_a_no) {
  Sign({});
  CheckSays(Verify("verify-blob", kJane, "absent"), 3, "absent: ");
  CheckSays(Verify("verify-blob", {"--key", "absent.pub"}), 3, "absent.pub: ");
  CheckSays(carnet.Shell("mkfifo pipe && carnet verify-blob --bundle b.json --key k.pub "
                         "--trusted-root root.json --insecure-ignore-tlog pipe"),
            3, "pipe: not a regular file");
  folder.Write("b.json", "{}");
  CheckSays(Verify("verify-blob", kJane), 1, "reason      malformed-bundle\n");
  folder.Write("root.json", "{}");
  CheckSays(Verify("verify-blob", kJane), 3, "root.json: mediaType: missing");
}

// The public instance's trusted root is the default, and named: it knows nobody here.
BOOST_AUTO_TEST_CASE(the_shipped_trusted_root_is_the_default) {
  Sign({});
  std::vector<std::string> arguments = {"verify-blob", "--bundle", "b.json"};
  arguments.insert(arguments.end(), kJane.begin(), kJane.end());
  arguments.push_back("artifact");
  const Ran ran = carnet.Run(arguments);
  CheckSays(ran, 1, "reason      not-logged\n");
  CheckSays(ran, 1, "trusted root: that of Sigstore's public instance, as of 2026-08-21\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(conformance, Fixture)

BOOST_AUTO_TEST_CASE(answers_by_path_and_by_digest) {
  const std::string jane =
      " --certificate-identity jane@example.org --certificate-oidc-issuer "
      "https://accounts.example.org";
  const std::string root = " --trusted-root root.json ";
  for (const auto content : {TestContent::kMessage, TestContent::kAttestation}) {
    for (const std::string& artifact : {std::string("artifact"), ArtifactDigest()}) {
      Sign({.content = content});
      BOOST_CHECK_EQUAL(
          Conformance("verify-bundle --bundle b.json" + jane + root + artifact).status, 0);
      CheckSays(Conformance("verify-bundle --bundle b.json --key k.pub" + root + artifact), 1,
                "wrong-key-material: ");
      Sign({.signer = TestSigner::kKey, .content = content, .stamped = false});
      BOOST_CHECK_EQUAL(
          Conformance("verify-bundle --bundle b.json --key k.pub" + root + artifact).status, 0);
      CheckSays(Conformance("verify-bundle --bundle b.json" + jane + root + artifact), 1,
                "wrong-key-material: ");
    }
  }
}

// The suite's managed keys have no log; where a log is shown, it must be a known one.
BOOST_AUTO_TEST_CASE(a_key_needs_no_log_but_the_one_that_is_shown_is_verified) {
  const std::string verify = "verify-bundle --bundle b.json --key k.pub --trusted-root root.json ";
  Sign({.signer = TestSigner::kKey, .logged_v2 = false, .stamped = false});
  BOOST_CHECK_EQUAL(Conformance(verify + "artifact").status, 0);
  Sign({.signer = TestSigner::kKey, .stamped = false});
  RootParts stranger = sigstore.root;
  stranger.logs.clear();
  folder.Write("root.json", stranger.Json());
  CheckSays(Conformance(verify + "artifact"), 1, "not-logged: ");
}

BOOST_AUTO_TEST_CASE(a_digest_that_is_a_file_is_a_path) {
  Sign({.signer = TestSigner::kKey, .stamped = false});
  folder.Write(ArtifactDigest(), "another artifact\n");
  CheckSays(Conformance("verify-bundle --bundle b.json --key k.pub --trusted-root root.json " +
                        ArtifactDigest()),
            1, "wrong-artifact: ");
}

// A bundle of this log is of a stranger there.
BOOST_AUTO_TEST_CASE(staging_is_judged_by_its_own_trusted_root) {
  const auto staging =
      boost::json::parse(Slurp(SourceFolder() / "data/sigstore-staging-trusted-root.json"));
  BOOST_CHECK_EQUAL(staging.at("tlogs").as_array().size(), 4U);
  BOOST_CHECK_EQUAL(staging.at("certificateAuthorities").as_array().size(), 1U);
  Sign({.signer = TestSigner::kKey});
  const std::string asked = "--bundle b.json --key k.pub artifact";
  CheckSays(Conformance("verify-bundle --staging " + asked), 1, "not-logged: ");
  CheckSays(Conformance("verify-bundle --staging --bundle b.json --key k.pub --trusted-root "
                        "root.json artifact"),
            0, "");
}

BOOST_AUTO_TEST_CASE(refuses_what_the_protocol_does_not_have) {
  Sign({});
  CheckSays(Conformance("verify-bundle --bundle b.json artifact"), 1, "expected either --key");
  CheckSays(Conformance("verify-bundle --bundle b.json --key k.pub --x 1 artifact"), 1,
            "unknown option --x");
  CheckSays(Conformance("verify-bundle --key k.pub artifact"), 1, "--bundle is missing");
  CheckSays(Conformance("sign"), 1, "usage: ");
}

BOOST_AUTO_TEST_SUITE_END()
