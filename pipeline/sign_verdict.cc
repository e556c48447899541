#include "pipeline/sign_verdict.h"

#include "core/hex.h"
#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

constexpr char kSlsaVersion[] = "1.1";

void SetDigestSet(wire::ResourceRef::Builder resource, ByteSpan digest) {
  resource.initDigest().initSha256().setBytes(capnp::Data::Reader(digest.data(), digest.size()));
}

void SetIncluded(const std::vector<verifier::IncludedPolicy>& included,
                 wire::Verdict::Builder fields) {
  if (included.empty()) return;
  auto policies = fields.initCarnetIncluded(static_cast<uint32_t>(included.size()));
  for (uint32_t i = 0; i < policies.size(); ++i) {
    const auto digest = HexDecodeTo<Sha256Digest>(included[i].digest);
    CARNET_CHECK(digest.has_value());
    policies[i].setUri("urn:carnet:policy:" + included[i].id);
    SetDigestSet(policies[i], digest->span());
  }
}

void SetChips(const std::vector<verifier::OwnChips>& chips, wire::Verdict::Builder fields) {
  if (chips.empty()) return;
  auto catalogues = fields.initCarnetChips(static_cast<uint32_t>(chips.size()));
  for (uint32_t i = 0; i < catalogues.size(); ++i) {
    const auto digest = HexDecodeTo<Sha256Digest>(chips[i].digest);
    CARNET_CHECK(digest.has_value());
    catalogues[i].setUri("urn:carnet:chips:" + chips[i].of);
    SetDigestSet(catalogues[i], digest->span());
  }
}

}  // namespace

Result<schemas::Predicate> VerdictPredicate(const verifier::Verdict& verdict,
                                            const std::string& verifier_id) {
  if (!verdict.passport || !verdict.model || !verdict.checkpoint) {
    return Rejected(
        "the verdict cannot be signed: the file has no passport for this model under a checkpoint, "
        "so it would be about nothing");
  }
  const auto policy_digest = HexDecodeTo<Sha256Digest>(verdict.policy_digest);
  CARNET_CHECK(policy_digest.has_value());
  auto predicate = schemas::Predicate::New(schemas::Kind::kVerdict);
  auto fields = schemas::BuilderOf<wire::Verdict>(predicate);
  fields.initVerifier().setId(verifier_id);
  fields.initTimeVerified().setMs(verdict.now.value());
  fields.setResourceUri("sha256:" + HexEncode(verdict.model->span()));
  auto policy = fields.initPolicy();
  policy.setUri("urn:carnet:policy:" + verdict.policy_id);
  SetDigestSet(policy, policy_digest->span());
  SetIncluded(verdict.included, fields);
  SetChips(verdict.chips, fields);
  auto inputs = fields.initInputAttestations(1);
  inputs[0].setUri("urn:carnet:passport:v1");
  SetDigestSet(inputs[0], verdict.passport->span());
  const bool passed = verdict.decision == verifier::Decision::kPass;
  fields.setVerificationResult(passed ? "PASSED" : "FAILED");
  fields.initVerifiedLevels(1).set(
      0, passed ? "CARNET_LEVEL_" + std::to_string(verdict.level.number) : "FAILED");
  fields.setSlsaVersion(kSlsaVersion);
  fields.initCarnetAt().setMs(verdict.at.value());
  auto judged = fields.initCarnetCheckpoint();
  judged.initSize().setValue(verdict.checkpoint->size.value());
  schemas::SetDigest(judged.initRoot(), verdict.checkpoint->root);
  return predicate;
}

Result<signer::SignedStatement> SignVerdict(const verifier::Verdict& verdict,
                                            const std::string& verifier_id,
                                            const signer::Signer& signer) {
  CARNET_TRY(const schemas::Predicate predicate, VerdictPredicate(verdict, verifier_id));
  return signer.SignVerdict(predicate, *verdict.model);
}

}  // namespace carnet::pipeline
