// Bundles that real clients made: cosign 3.1.3 with a private log, and model-signing against
// Sigstore's public instance.
#include <boost/json.hpp>

#include "core/base64.h"
#include "core/hex.h"
#include "tests/support/vectors.h"
#include "tests/verifier/bundle/judged.h"

using namespace carnet;
using namespace carnet::test;
namespace ut = boost::unit_test;

namespace {

constexpr char kA[] = "b6c132d19d1d1af9b4280a1c51667e604e3f79ac807ce6c6378df22afa04d2bd";

std::string Vector(const std::string& path) { return Slurp(VectorsFolder() / path); }

Judging ByCosignKey() {
  Judging judging{.wanted = crypto::PublicKey::ParsePem(Vector("cosign/cosign.pub")).value()};
  judging.artifact.digests = {{crypto::HashAlgorithm::kSha256, HexDecode(kA).value()}};
  return judging;
}

// The OMS root, which the statement's one subject holds, as another JSON library reads it.
Bytes SubjectOf(const std::string& bundle) {
  const auto payload = boost::json::parse(bundle).at("dsseEnvelope").at("payload").as_string();
  const auto statement = boost::json::parse(AsText(Base64Decode(payload).value()));
  const auto& digest = statement.at("subject").at(0).at("digest").at("sha256").as_string();
  return HexDecode(digest).value();
}

Judging ByIbm(const std::string& bundle) {
  Judging judging{.wanted = sigstore::IdentityPattern{
                      sigstore::TextPattern::Exactly("https://sigstore.verify.ibm.com/oauth2"),
                      sigstore::TextPattern::Exactly("stefanb@us.ibm.com")}};
  judging.artifact.digests = {{crypto::HashAlgorithm::kSha256, SubjectOf(bundle)}};
  return judging;
}

BOOST_AUTO_TEST_SUITE(verify_bundle_vectors)

BOOST_AUTO_TEST_CASE(verifies_what_cosign_logged, *ut::precondition(HasVectors("cosign"))) {
  const std::string root = Vector("cosign/private_trusted_root.json");
  for (const char* name : {"logged-message", "logged-attest"}) {
    const std::string bundle = Vector(std::string("cosign/") + name + ".sigstore.json");
    BOOST_CHECK_EQUAL(VerdictText(Judged(bundle, root, ByCosignKey())), "verified");
  }
}

BOOST_AUTO_TEST_CASE(verifies_what_cosign_did_not_log, *ut::precondition(HasVectors("cosign"))) {
  const std::string root = Vector("cosign/private_trusted_root.json");
  for (const char* name : {"message", "attest-statement", "attest-predicate"}) {
    const std::string bundle = Vector(std::string("cosign/") + name + ".sigstore.json");
    Judging judging = ByCosignKey();
    BOOST_CHECK_EQUAL(VerdictText(Judged(bundle, root, judging)),
                      "not-logged: the bundle has no log entry");
    judging.demands.log_entry = false;
    BOOST_CHECK_EQUAL(VerdictText(Judged(bundle, root, judging)), "verified");
  }
}

BOOST_AUTO_TEST_CASE(verifies_signatures_of_the_public_instance,
                     *ut::precondition(HasVectors("model-signing"))) {
  const std::string root = Vector("cosign/trusted_root.json");
  for (const char* version : {"v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0"}) {
    const std::string bundle =
        Vector(std::string("model-signing/bundles/") + version + "-sigstore/model.sig");
    const auto verdict = Judged(bundle, root, ByIbm(bundle));
    BOOST_CHECK_EQUAL(VerdictText(verdict), "verified");
    const auto* verified = std::get_if<verifier::bundle::VerifiedBundle>(&verdict);
    if (verified == nullptr) continue;
    BOOST_CHECK_EQUAL(verified->times.size(), std::string(version) == "v1.1.0" ? 2 : 1);
    BOOST_CHECK_EQUAL(verified->times.back().source, "promise of rekor.sigstore.dev");
    BOOST_CHECK_EQUAL(verified->positions.size(), 1);
  }
}

// One byte of each part that counts; all but the first are base64, so that the text stays JSON.
BOOST_AUTO_TEST_CASE(one_changed_byte_is_noticed, *ut::precondition(HasVectors("model-signing"))) {
  const std::string root = Vector("cosign/trusted_root.json");
  const std::string bundle = Vector("model-signing/bundles/v1.1.0-sigstore/model.sig");
  const Judging judging = ByIbm(bundle);
  struct Part {
    const char* after;
    const char* refused;
  };
  const Part parts[] = {{"\"sig\":\"", "wrong-log-body: "},
                        {"\"signedEntryTimestamp\":\"", "bad-promise: "},
                        {"\"rootHash\":\"", "bad-inclusion-proof: "},
                        {"\"signedTimestamp\":\"", "bad-timestamp: "}};
  for (const Part& part : parts) {
    std::string changed = bundle;
    const size_t at = changed.find(part.after);
    BOOST_REQUIRE_MESSAGE(at != changed.npos, part.after);
    char& byte = changed[at + std::string(part.after).size() + 30];
    byte = byte == 'A' ? 'B' : 'A';
    const std::string verdict = VerdictText(Judged(changed, root, judging));
    BOOST_CHECK_MESSAGE(verdict.starts_with(part.refused), part.after << verdict);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
