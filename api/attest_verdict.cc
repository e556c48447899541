#include "api/record_state.h"
#include "api/time.h"
#include "core/hex.h"
#include "pipeline/sign_verdict.h"
#include "sigstore/bundle.h"

namespace carnet {
namespace {

// Whoever calls may have written the verdict by hand: no digest in it is taken for well-formed.
Result<> CheckDigest(const std::string& hex, const char* field) {
  if (HexDecodeTo<Sha256Digest>(hex)) return Ok();
  return Malformed(std::string("verdict.") + field + ": expected 64 lowercase hex digits");
}

Result<> CheckDigests(const Verdict& from) {
  CARNET_TRY_VOID(CheckDigest(from.policy_sha256, "policy_sha256"));
  for (const IncludedPolicy& included : from.included) {
    CARNET_TRY_VOID(CheckDigest(included.sha256, "included.sha256"));
  }
  for (const OwnChips& chips : from.chips) {
    CARNET_TRY_VOID(CheckDigest(chips.sha256, "chips.sha256"));
  }
  if (!from.passport.empty()) CARNET_TRY_VOID(CheckDigest(from.passport, "passport"));
  if (!from.model.empty()) CARNET_TRY_VOID(CheckDigest(from.model, "model"));
  if (from.checkpoint) CARNET_TRY_VOID(CheckDigest(from.checkpoint->root, "checkpoint.root"));
  return Ok();
}

// What a summary says of a verdict (pipeline/sign_verdict.cc), and no more.
Result<verifier::Verdict> SummarisedPart(const Verdict& from) {
  CARNET_TRY_VOID(CheckDigests(from));
  verifier::Verdict verdict;
  verdict.decision = from.passed() ? verifier::Decision::kPass : verifier::Decision::kFail;
  verdict.level.number = from.level;
  verdict.passport = HexDecodeTo<StatementId>(from.passport);
  verdict.model = HexDecodeTo<ModelDigest>(from.model);
  if (from.checkpoint) {
    verdict.checkpoint = merkle::Checkpoint{from.checkpoint->origin,
                                            TreeSize(from.checkpoint->size),
                                            *HexDecodeTo<RootHash>(from.checkpoint->root),
                                            {}};
  }
  verdict.policy_id = from.policy;
  verdict.policy_digest = from.policy_sha256;
  for (const IncludedPolicy& included : from.included) {
    verdict.included.push_back({included.id, included.sha256});
  }
  for (const OwnChips& chips : from.chips) verdict.chips.push_back({chips.of, chips.sha256});
  CARNET_TRY(verdict.at, api::TimestampOf(from.at));
  CARNET_TRY(verdict.now, api::TimestampOf(from.now));
  return verdict;
}

}  // namespace

Result<Attestation> AttestVerdict(const Ledger& ledger, const Key& key, const Verdict& verdict) {
  CARNET_TRY(const verifier::Verdict part, SummarisedPart(verdict));
  const signer::Signer& signer = *Internals::StateOf(key).signer;
  CARNET_TRY(signer::SignedStatement statement,
             pipeline::SignVerdict(part, signer.id().ToString(), signer));
  const Bytes signature = statement.signature();
  CARNET_TRY(const pipeline::Attested attested,
             pipeline::AppendSigned(std::move(statement.statement), signature, signer.public_key(),
                                    *Internals::StateOf(ledger).ledger));
  return Attestation{HexEncode(attested.id.span()), attested.index.value(),
                     sigstore::WriteBundle(attested.bundle)};
}

}  // namespace carnet
