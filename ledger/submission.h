// Submission: one attestation whose signature has been verified, ready to be appended. What the
// ledger indexes is read from the statement here, before any lock is taken.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "ledger/index_terms.h"
#include "schemas/stored.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::ledger {

class Submission {
 public:
  // Checks: 1 in-toto payload type; 2 ReadStatement (sigstore/statement.h); 3 head.signer names
  // `key`; 4 P-256 signature over the PAE by `key`. Errors: malformed, rejected.
  static Result<Submission> Verify(const sigstore::Envelope& envelope,
                                   const crypto::P256PublicKey& key);
  // The same for a statement that the strict reader has already read: 3 and 4, over the bytes that
  // it read. Errors: rejected.
  static Result<Submission> VerifyParsed(sigstore::ParsedStatement statement,
                                         const Bytes& signature, const crypto::P256PublicKey& key);
  // The same of a bundle with a certificate, whose identity is the signer and whose key signed. The
  // certificate and the time stamps are kept beside the statement. Nothing here says that anybody
  // trusts them: a certificate of one's own making names whom one likes, and what it signs then
  // counts in the index as that identity's. Whoever takes bundles from strangers judges them first.
  // Errors: malformed, unsupported, rejected.
  static Result<Submission> VerifyCertified(const sigstore::Bundle& bundle);
  // Verify without step 4, for callers that have verified the signature (or for benchmarks).
  static Result<Submission> InsecureAssumeVerified(const sigstore::Envelope& envelope,
                                                   const crypto::P256PublicKey& key);

  // Kept with the entry, so that a receipt of it has them; not judged. Errors: rejected (too many,
  // or one that is too long: schemas/stored.h).
  Result<> KeepTimestamps(std::vector<Bytes> timestamps);

  // The statement is logged and indexed, and its text is not stored: `reason` is kept instead.
  // Requires at most schemas::kMaxReasonBytes.
  void Withhold(TimestampMs since, std::string reason);

  const StatementId& id() const { return id_; }
  const SignerId& signer() const { return signer_; }
  const Bytes& payload() const { return payload_; }
  const Bytes& signature() const { return signature_; }
  const Bytes& spki() const { return spki_; }  // empty with a certificate
  const Bytes& certificate() const { return certificate_; }
  const std::vector<Bytes>& timestamps() const { return timestamps_; }
  const IndexTerms& terms() const { return terms_; }
  const std::optional<schemas::Absence>& withheld() const { return withheld_; }

 private:
  Submission(sigstore::ParsedStatement statement, const SignerId& signer, Bytes signature,
             IndexTerms terms);
  // Steps 2 and 3.
  static Result<Submission> FromParsed(sigstore::ParsedStatement statement, const Bytes& signature,
                                       const SignerId& signer);
  static Result<Submission> CheckSignature(Submission submission, const crypto::P256PublicKey& key);
  StatementId id_;
  SignerId signer_;
  Bytes payload_;
  Bytes signature_;
  Bytes spki_;
  Bytes certificate_;
  std::vector<Bytes> timestamps_;
  IndexTerms terms_;
  std::optional<schemas::Absence> withheld_;
};

}  // namespace carnet::ledger
