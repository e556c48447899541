#include "ledger/submission.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "schemas/limits.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "sigstore/statement.h"

namespace carnet::ledger {
namespace {

// Keeps the first occurrence of each value.
template <typename T>
void KeepDistinct(std::vector<T>& values) {
  std::unordered_set<T> seen;
  values.erase(std::remove_if(values.begin(), values.end(),
                              [&](const T& value) { return !seen.insert(value).second; }),
               values.end());
}

std::vector<StatementId> DistinctReferences(const schemas::Predicate& predicate) {
  std::vector<StatementId> targets;
  for (const schemas::Reference& reference : schemas::StrongReferences(predicate))
    targets.push_back(reference.target);
  KeepDistinct(targets);
  return targets;
}

void ReadRun(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto run = schemas::ReaderOf<wire::Run>(predicate);
  for (const auto edge : run.getInputs())
    if (edge.getModel().isBytes())
      terms.parent_models.push_back(schemas::DigestOf<ModelDigest>(edge.getModel()));
  KeepDistinct(terms.parent_models);
  for (const auto recorder : run.getRecorders())
    terms.recorders.push_back(schemas::SignerIdOf(recorder));
}

void ReadSegment(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto segment = schemas::ReaderOf<wire::Segment>(predicate);
  terms.run = schemas::DigestOf<StatementId>(segment.getRun());
  if (segment.hasLane()) terms.lane = segment.getLane().getValue();
  terms.seq = segment.getSeq().getValue();
}

void ReadPassport(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto passport = schemas::ReaderOf<wire::Passport>(predicate);
  terms.model = schemas::DigestOf<ModelDigest>(passport.getModel());
  terms.supersedes = passport.hasSupersedes();
}

void ReadKindTerms(const schemas::Predicate& predicate, IndexTerms& terms) {
  switch (predicate.kind()) {
    case schemas::Kind::kRun:
      return ReadRun(predicate, terms);
    case schemas::Kind::kSegment:
      return ReadSegment(predicate, terms);
    case schemas::Kind::kCompletion:
      terms.run =
          schemas::DigestOf<StatementId>(schemas::ReaderOf<wire::Completion>(predicate).getRun());
      return;
    case schemas::Kind::kPassport:
      return ReadPassport(predicate, terms);
    case schemas::Kind::kDataset:
    case schemas::Kind::kDevice:
    case schemas::Kind::kAllocation:
    case schemas::Kind::kVerdict:
      return;
  }
}

Result<> CheckSize(size_t payload_bytes) {
  if (payload_bytes <= schemas::kMaxLineBytes) return Ok();
  return Rejected(fmt::format("payload: larger than {} bytes", schemas::kMaxLineBytes));
}

Result<IndexTerms> TermsOf(const schemas::Predicate& predicate,
                           const std::vector<schemas::Subject>& subjects, const SignerId& signer) {
  IndexTerms terms{};
  terms.kind = predicate.kind();
  if (const auto head = predicate.head()) {
    if (head->signer != signer)
      return Rejected(fmt::format("head.signer: names {}, not the signer, {}",
                                  head->signer.ToString(), signer.ToString()));
    terms.ledger = head->ledger;
  }
  for (const schemas::Subject& subject : subjects) terms.subjects.push_back(subject.digest);
  KeepDistinct(terms.subjects);
  terms.references = DistinctReferences(predicate);
  ReadKindTerms(predicate, terms);
  return terms;
}

}  // namespace

Result<IndexTerms> ReadIndexTerms(ByteSpan payload, const SignerId& signer) {
  CARNET_TRY_VOID(CheckSize(payload.size()));
  const auto read = sigstore::ReadStatement(payload);
  if (const auto* error = std::get_if<sigstore::StatementError>(&read))
    return Malformed(error->message);
  const auto& statement = std::get<sigstore::Statement>(read);
  return TermsOf(statement.predicate, statement.subjects, signer);
}

Submission::Submission(sigstore::ParsedStatement statement, const crypto::P256PublicKey& key,
                       Bytes signature, IndexTerms terms)
    : id_(statement.id()),
      signer_(key.id()),
      payload_(std::move(statement).TakePayload()),
      signature_(std::move(signature)),
      spki_(key.spki()),
      terms_(std::move(terms)) {}

Result<Submission> Submission::FromParsed(sigstore::ParsedStatement statement,
                                          const Bytes& signature,
                                          const crypto::P256PublicKey& key) {
  CARNET_TRY_VOID(CheckSize(statement.payload().size()));
  CARNET_TRY(IndexTerms terms,
             TermsOf(statement.predicate(), statement.subjects(), SignerId(key.id())));
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
  CARNET_TRY_VOID(CheckSize(envelope.payload.size()));
  CARNET_TRY(auto statement, sigstore::ParsedStatement::Parse(envelope.payload));
  return FromParsed(std::move(statement), envelope.signature, key);
}

}  // namespace carnet::ledger
