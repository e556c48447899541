#include "ledger/submission.h"

#include <utility>

#include "sigstore/signer_certificate.h"
#include "sigstore/statement.h"

namespace carnet::ledger {

namespace {

Result<sigstore::ParsedStatement> ReadEnvelope(const sigstore::Envelope& envelope) {
  if (envelope.payload_type != sigstore::kInTotoPayloadType)
    return Rejected("payload type: not in-toto's");
  CARNET_TRY_VOID(CheckPayloadSize(envelope.payload.size()));
  return sigstore::ParsedStatement::Parse(envelope.payload);
}

}  // namespace

Submission::Submission(sigstore::ParsedStatement statement, const SignerId& signer, Bytes signature,
                       IndexTerms terms)
    : id_(statement.id()),
      signer_(signer),
      payload_(std::move(statement).TakePayload()),
      signature_(std::move(signature)),
      terms_(std::move(terms)) {}

void Submission::Withhold(TimestampMs since, std::string reason) {
  CARNET_CHECK(reason.size() <= schemas::kMaxReasonBytes);
  withheld_ = schemas::Absence{schemas::AbsenceCause::kWithheld, since, std::move(reason),
                               EncodeTerms(terms_)};
}

Result<Submission> Submission::FromParsed(sigstore::ParsedStatement statement,
                                          const Bytes& signature, const SignerId& signer) {
  CARNET_TRY(IndexTerms terms, TermsOf(statement, signer));
  return Submission(std::move(statement), signer, signature, std::move(terms));
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
  CARNET_TRY(Submission submission,
             FromParsed(std::move(statement), signature, SignerId(key.id())));
  submission.spki_ = key.spki();
  return CheckSignature(std::move(submission), key);
}

Result<Submission> Submission::VerifyCertified(const sigstore::Bundle& bundle) {
  const auto* certificate = std::get_if<sigstore::Certificate>(&bundle.material);
  if (certificate == nullptr) return Rejected("the bundle has no certificate");
  auto signer = sigstore::ReadSignerCertificate(certificate->der);
  if (!signer) return signer.error().In("certificate");
  CARNET_TRY(auto statement, ReadEnvelope(bundle.envelope));
  CARNET_TRY(Submission submission,
             FromParsed(std::move(statement), bundle.envelope.signature, signer->signer));
  submission.certificate_ = certificate->der;
  CARNET_TRY_VOID(submission.KeepTimestamps(bundle.timestamps));
  return CheckSignature(std::move(submission), signer->key);
}

Result<> Submission::KeepTimestamps(std::vector<Bytes> timestamps) {
  if (timestamps.size() > schemas::kMaxStoredTimestamps) {
    return Rejected("time stamps: at most " + std::to_string(schemas::kMaxStoredTimestamps) +
                    " can be kept, found " + std::to_string(timestamps.size()));
  }
  for (const Bytes& timestamp : timestamps) {
    if (timestamp.size() > schemas::kMaxStoredTimestampBytes) {
      return Rejected("time stamp: " + std::to_string(timestamp.size()) + " bytes, the limit is " +
                      std::to_string(schemas::kMaxStoredTimestampBytes));
    }
  }
  timestamps_ = std::move(timestamps);
  return Ok();
}

Result<Submission> Submission::InsecureAssumeVerified(const sigstore::Envelope& envelope,
                                                      const crypto::P256PublicKey& key) {
  CARNET_TRY(auto statement, ReadEnvelope(envelope));
  CARNET_TRY(Submission submission,
             FromParsed(std::move(statement), envelope.signature, SignerId(key.id())));
  submission.spki_ = key.spki();
  return submission;
}

}  // namespace carnet::ledger
