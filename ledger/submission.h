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
#include "schemas/kind.h"
#include "schemas/subjects.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::ledger {

// The parts of a statement that enter the index. Values only: no generated reader leaves the .cc.
struct IndexTerms {
  schemas::Kind kind;
  std::optional<LogId> ledger;             // head.ledger; absent in a verdict
  std::vector<SubjectDigest> subjects;     // distinct
  std::vector<StatementId> references;     // strong, distinct, in field order
  std::vector<ModelDigest> parent_models;  // of a run's edges, distinct
  std::optional<StatementId> run;          // of a segment or completion
  uint64_t lane = 0;                       // of a segment
  uint64_t seq = 0;                        // of a segment
  std::vector<SignerId> recorders;         // of a run
  std::optional<ModelDigest> model;        // of a passport
  bool supersedes = false;                 // of a passport
};

// Errors: malformed (not a statement of ours), rejected (head.signer names another signer, more
// than schemas::kMaxLineBytes).
Result<IndexTerms> ReadIndexTerms(ByteSpan payload, const SignerId& signer);

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
  // Verify without step 4, for callers that have verified the signature (or for benchmarks).
  static Result<Submission> InsecureAssumeVerified(const sigstore::Envelope& envelope,
                                                   const crypto::P256PublicKey& key);

  const StatementId& id() const { return id_; }
  const SignerId& signer() const { return signer_; }
  const Bytes& payload() const { return payload_; }
  const Bytes& signature() const { return signature_; }
  const Bytes& spki() const { return spki_; }
  const IndexTerms& terms() const { return terms_; }

 private:
  Submission(sigstore::ParsedStatement statement, const crypto::P256PublicKey& key, Bytes signature,
             IndexTerms terms);
  // Steps 2 and 3.
  static Result<Submission> FromParsed(sigstore::ParsedStatement statement, const Bytes& signature,
                                       const crypto::P256PublicKey& key);
  static Result<Submission> CheckSignature(Submission submission, const crypto::P256PublicKey& key);
  StatementId id_;
  SignerId signer_;
  Bytes payload_;
  Bytes signature_;
  Bytes spki_;
  IndexTerms terms_;
};

}  // namespace carnet::ledger
