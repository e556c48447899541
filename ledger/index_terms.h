// IndexTerms: the parts of a statement that enter the index. Read from the statement; where its
// text is absent from the ledger, from what was kept of it.
#pragma once

#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "schemas/kind.h"
#include "schemas/subjects.h"
#include "sigstore/parsed_statement.h"

namespace carnet::ledger {

// Values only: no generated reader leaves the .cc.
struct IndexTerms {
  schemas::Kind kind;
  std::optional<LogId> ledger;             // head.ledger; absent in a verdict and in kept terms
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

// Errors: rejected (over schemas::kMaxLineBytes).
Result<> CheckPayloadSize(size_t bytes);

// Errors: malformed (not a statement of ours), rejected (head.signer names another signer, more
// than schemas::kMaxLineBytes).
Result<IndexTerms> ReadIndexTerms(ByteSpan payload, const SignerId& signer);
Result<IndexTerms> TermsOf(const sigstore::ParsedStatement& statement, const SignerId& signer);

// All but `ledger`, for an entry whose text is absent. Persistent: kind (u8, as in other rows);
// subjects, references, parent models; run; lane, seq (u64be); recorders; model; supersedes (u8).
// A list is u32be how many, then the values; an optional value u8 0 or 1, then the value.
Bytes EncodeTerms(const IndexTerms& terms);
// Accepts exactly what EncodeTerms writes. Errors: corruption.
Result<IndexTerms> DecodeTerms(ByteSpan bytes);

}  // namespace carnet::ledger
