#include "ledger/submission.h"

#include <utility>

#include "sigstore/statement.h"

namespace carnet::ledger {

Submission::Submission(sigstore::ParsedStatement statement, const crypto::P256PublicKey& key,
                       Bytes signature, IndexTerms terms)
    : id_(statement.id()),
      signer_(key.id()),
      payload_(std::move(statement).TakePayload()),
      signature_(std::move(signature)),
      spki_(key.spki()),
      terms_(std::move(terms)) {}

void Submission::Withhold(TimestampMs since, std::string reason) {
  CARNET_CHECK(reason.size() <= schemas::kMaxReasonBytes);
  withheld_ = schemas::Absence{schemas::AbsenceCause::kWithheld, since, std::move(reason),
                               EncodeTerms(terms_)};
}

Result<Submission> Submission::FromParsed(sigstore::ParsedStatement statement,
                                          const Bytes& signature,
                                          const crypto::P256PublicKey& key) {
  CARNET_TRY(IndexTerms terms, TermsOf(statement, SignerId(key.id())));
  return Submission(std::move(statement), key, signature, std::move(terms));
}

Result<Submission> Submission::CheckSignature(Submission submission,
                                              const crypto::P256PublicKey& key) {
  const auto digest = Retag<Sha256Digest>(submission.id());
  if (key.VerifyDigest(digest, submission.signature()) != crypto::SignatureCheck::kGood)
    return Rejected("signature: not made by this key over this statement");
  return submission;
}

Result<Submission> Submission::Verify(const sigstore::Envelope& envelope,
                                      const crypto::P256PublicKey& key) {
  CARNET_TRY(Submission submission, InsecureAssumeVerified(envelope, key));
  return CheckSignature(std::move(submission), key);
}

Result<Submission> Submission::VerifyParsed(sigstore::ParsedStatement statement,
                                            const Bytes& signature,
                                            const crypto::P256PublicKey& key) {
  CARNET_TRY(Submission submission, FromParsed(std::move(statement), signature, key));
  return CheckSignature(std::move(submission), key);
}

Result<Submission> Submission::InsecureAssumeVerified(const sigstore::Envelope& envelope,
                                                      const crypto::P256PublicKey& key) {
  if (envelope.payload_type != sigstore::kInTotoPayloadType)
    return Rejected("payload type: not in-toto's");
  CARNET_TRY_VOID(CheckPayloadSize(envelope.payload.size()));
  CARNET_TRY(auto statement, sigstore::ParsedStatement::Parse(envelope.payload));
  return FromParsed(std::move(statement), envelope.signature, key);
}

}  // namespace carnet::ledger
