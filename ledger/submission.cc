#include "ledger/submission.h"

#include <algorithm>
#include <unordered_set>

#include "schemas/limits.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "sigstore/statement.h"

namespace carnet::ledger {
namespace {

// Each value once, where it first stands.
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

IndexTerms TermsOf(const sigstore::Statement& statement) {
  IndexTerms terms{};
  terms.kind = statement.predicate.kind();
  if (const auto head = statement.predicate.head()) terms.ledger = head->ledger;
  for (const schemas::Subject& subject : statement.subjects)
    terms.subjects.push_back(subject.digest);
  KeepDistinct(terms.subjects);
  terms.references = DistinctReferences(statement.predicate);
  ReadKindTerms(statement.predicate, terms);
  return terms;
}

}  // namespace

Result<IndexTerms> ReadIndexTerms(ByteSpan payload, const SignerId& signer) {
  if (payload.size() > schemas::kMaxLineBytes)
    return Rejected("payload: larger than " + std::to_string(schemas::kMaxLineBytes) + " bytes");
  const auto read = sigstore::ReadStatement(payload);
  if (const auto* error = std::get_if<sigstore::StatementError>(&read))
    return Malformed(error->message);
  const auto& statement = std::get<sigstore::Statement>(read);
  const auto head = statement.predicate.head();
  if (head && head->signer != signer)
    return Rejected("head.signer: names " + head->signer.ToString() + ", not the signer, " +
                    signer.ToString());
  return TermsOf(statement);
}

Submission::Submission(StatementId id, SignerId signer, Bytes payload, Bytes signature, Bytes spki,
                       IndexTerms terms)
    : id_(id),
      signer_(signer),
      payload_(std::move(payload)),
      signature_(std::move(signature)),
      spki_(std::move(spki)),
      terms_(std::move(terms)) {}

Result<Submission> Submission::Verify(const sigstore::Envelope& envelope,
                                      const crypto::P256PublicKey& key) {
  CARNET_TRY(Submission submission, InsecureAssumeVerified(envelope, key));
  const auto digest = Retag<Sha256Digest>(submission.id());
  if (key.VerifyDigest(digest, envelope.signature) != crypto::SignatureCheck::kGood)
    return Rejected("signature: not by this key over this statement");
  return submission;
}

Result<Submission> Submission::InsecureAssumeVerified(const sigstore::Envelope& envelope,
                                                      const crypto::P256PublicKey& key) {
  if (envelope.payload_type != sigstore::kInTotoPayloadType)
    return Rejected("payload type: not in-toto's");
  const SignerId signer(key.id());
  CARNET_TRY(IndexTerms terms, ReadIndexTerms(envelope.payload, signer));
  return Submission(sigstore::StatementIdOf(envelope.payload), signer, envelope.payload,
                    envelope.signature, key.spki(), std::move(terms));
}

}  // namespace carnet::ledger
