#include "pipeline/append_bundles.h"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/decimal.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "schemas/head_fields.h"
#include "schemas/limits.h"
#include "verifier/bundle/certified_signer.h"
#include "verifier/identity/verify.h"

namespace carnet::pipeline {
namespace {

using ledger::Submission;

// One attestation: statement and signer. A verdict has many signers.
using AttestationId = std::pair<StatementId, SignerId>;
AttestationId AttestationOf(const Submission& submission) {
  return {submission.id(), submission.signer()};
}

// What is given, judged so far. `at` is by the place of a bundle in the call.
struct Batch {
  std::vector<Submission> submissions;
  std::vector<std::optional<LeafIndex>> logged;  // before this call
  std::vector<std::vector<std::string>> notes;
  std::vector<std::vector<verifier::Finding>> findings;  // of the signer
  std::map<AttestationId, size_t> first;  // the place of the first of several that are the same
};

// Of a verdict only the kind: it has no head.
Result<std::vector<verifier::Finding>> JudgeSigner(const verifier::LineSigner& signer,
                                                   const Submission& submission, TimestampMs now) {
  CARNET_TRY(const auto statement, sigstore::ParsedStatement::Parse(submission.payload()));
  const auto head = schemas::HeadFieldsOf(statement.predicate());
  return verifier::identity::JudgeSigner(signer, submission.terms().kind,
                                         head ? head->created : now, now);
}

const crypto::P256PublicKey* FindKey(const KnownSigners& known, const KeyId& id) {
  for (const crypto::P256PublicKey& key : known.keys)
    if (key.id() == id) return &key;
  if (known.trust == nullptr) return nullptr;
  const trust::TrustedKey* listed = known.trust->FindSigner(SignerId(id));
  return listed == nullptr ? nullptr : &listed->key;
}

Result<Submission> TakeKeySigned(const sigstore::Bundle& bundle, const KnownSigners& known,
                                 TimestampMs now, std::vector<verifier::Finding>& findings) {
  const std::string& hint = std::get<sigstore::PublicKeyHint>(bundle.material).hint;
  const auto id = sigstore::ParseKeyHint(hint);
  const crypto::P256PublicKey* key = id ? FindKey(known, *id) : nullptr;
  if (key == nullptr) {
    return Rejected(fmt::format(
        "publicKey.hint names {}, of which there is no public key: neither given nor in a trust "
        "directory",
        id ? SignerId(*id).ToString() : "\"" + Printable(hint) + "\""));
  }
  CARNET_TRY(Submission submission, Submission::Verify(bundle.envelope, *key));
  CARNET_TRY_VOID(submission.KeepTimestamps(bundle.timestamps));
  const trust::TrustedKey* listed =
      known.trust == nullptr ? nullptr : known.trust->FindSigner(submission.signer());
  if (listed == nullptr) return submission;
  CARNET_TRY(findings, JudgeSigner(verifier::LineSigner(*listed), submission, now));
  return submission;
}

Result<Submission> TakeCertified(const sigstore::Bundle& bundle, const KnownSigners& known,
                                 TimestampMs now, std::vector<std::string>& notes,
                                 std::vector<verifier::Finding>& findings) {
  if (known.trust == nullptr) {
    notes.emplace_back("nobody judged its certificate: there is no trust directory");
    return Submission::VerifyCertified(bundle);
  }
  auto judged = verifier::bundle::JudgeCertificate(bundle, *known.trust, now);
  if (const auto* refused = std::get_if<verifier::bundle::RefusedSigner>(&judged)) {
    return Rejected(fmt::format("{} (R{}): {}",
                                verifier::RejectReasonName(refused->refusal.reason()),
                                refused->refusal.rule(), refused->why));
  }
  CARNET_TRY(Submission submission, Submission::VerifyCertified(bundle));
  const verifier::LineSigner signer(std::get<verifier::CertifiedSigner>(std::move(judged)));
  CARNET_TRY(findings, JudgeSigner(signer, submission, now));
  return submission;
}

Result<Submission> Take(const sigstore::Bundle& bundle, const KnownSigners& known,
                        const LogId& ledger, TimestampMs now, std::vector<std::string>& notes,
                        std::vector<verifier::Finding>& findings) {
  const bool certified = std::holds_alternative<sigstore::Certificate>(bundle.material);
  CARNET_TRY(Submission submission, certified ? TakeCertified(bundle, known, now, notes, findings)
                                              : TakeKeySigned(bundle, known, now, findings));
  const auto& meant = submission.terms().ledger;
  if (meant && *meant != ledger) {
    return Rejected(fmt::format("head.ledger: the statement is meant for ledger {}, not for {}",
                                HexEncode(meant->span()), HexEncode(ledger.span())));
  }
  return submission;
}

Result<std::optional<LeafIndex>> FindEarlierEntry(const Submission& submission,
                                                  const ledger::Reader& reader) {
  const auto indices = reader.IndicesOf(submission.id());
  if (!indices && indices.error().code == ErrorCode::kNotFound) return std::optional<LeafIndex>();
  if (!indices) return indices.error();
  for (const LeafIndex index : *indices) {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.signer == submission.signer()) return std::optional(index);
  }
  return std::optional<LeafIndex>();
}

Result<Batch> TakeAll(const std::vector<ledger::NamedBundle>& given, const KnownSigners& known,
                      const ledger::Ledger& ledger, const ledger::Reader& reader, TimestampMs now) {
  if (given.size() > schemas::kMaxPassportLines)
    return Rejected(fmt::format("more than {} bundles", schemas::kMaxPassportLines));
  Batch batch;
  uint64_t references = 0;
  for (size_t at = 0; at < given.size(); ++at) {
    batch.notes.emplace_back();
    batch.findings.emplace_back();
    auto taken = Take(given[at].bundle, known, ledger.key().id(), now, batch.notes.back(),
                      batch.findings.back());
    if (!taken) return taken.error().In(given[at].where);
    references += taken->terms().references.size();
    if (references > schemas::kMaxReferences) {
      return Rejected(fmt::format("{}: more than {} references in all", given[at].where,
                                  schemas::kMaxReferences));
    }
    CARNET_TRY(const auto logged, FindEarlierEntry(*taken, reader));
    batch.logged.push_back(logged);
    batch.first.emplace(AttestationOf(*taken), at);
    batch.submissions.push_back(*std::move(taken));
  }
  return batch;
}

bool IsNew(const Batch& batch, size_t at) {
  return !batch.logged[at] && batch.first.at(AttestationOf(batch.submissions[at])) == at;
}

Result<> CheckAll(const std::vector<ledger::NamedBundle>& given, Batch& batch,
                  const ledger::Reader& reader, TimestampMs now, OnFinding on_finding) {
  Coming coming;
  for (size_t at = 0; at < given.size(); ++at) {
    if (IsNew(batch, at))
      coming.emplace(batch.submissions[at].id(), &batch.submissions[at].payload());
  }
  for (size_t at = 0; at < given.size(); ++at) {
    if (!IsNew(batch, at)) continue;
    CARNET_TRY(const auto statement,
               sigstore::ParsedStatement::Parse(batch.submissions[at].payload()));
    const auto of_signer = NotesOf(batch.findings[at], on_finding, Purpose::kLog);
    if (!of_signer) return of_signer.error().In(given[at].where);
    batch.notes[at].insert(batch.notes[at].end(), of_signer->begin(), of_signer->end());
    auto notes = CheckStatement(statement, reader, now, on_finding, coming, Purpose::kLog);
    if (!notes) return notes.error().In(given[at].where);
    batch.notes[at].insert(batch.notes[at].end(), notes->begin(), notes->end());
  }
  return Ok();
}

// The places of what is new, each after what it refers to. References are hashes of what they name,
// so there are no circles. Without recursion: a chain may be as long as the batch.
std::vector<size_t> LoggingOrder(const Batch& batch) {
  std::unordered_map<StatementId, std::vector<size_t>> places;
  for (size_t at = 0; at < batch.submissions.size(); ++at)
    if (IsNew(batch, at)) places[batch.submissions[at].id()].push_back(at);
  std::vector<size_t> order;
  std::vector<bool> entered(batch.submissions.size()), left(batch.submissions.size());
  std::vector<size_t> open;
  for (size_t at = 0; at < batch.submissions.size(); ++at) {
    if (IsNew(batch, at)) open.push_back(at);
    while (!open.empty()) {
      const size_t top = open.back();
      if (entered[top]) {
        if (!left[top]) order.push_back(top);
        left[top] = true;
        open.pop_back();
        continue;
      }
      entered[top] = true;
      const auto& references = batch.submissions[top].terms().references;
      for (auto id = references.rbegin(); id != references.rend(); ++id) {
        const auto found = places.find(*id);
        if (found == places.end()) continue;
        for (const size_t target : found->second)
          if (!entered[target]) open.push_back(target);
      }
    }
  }
  return order;
}

// The ledger counts the submissions of a batch; people know bundles.
Error NameBundle(const Error& error, const std::vector<ledger::NamedBundle>& given,
                 const std::vector<size_t>& order) {
  if (order.size() == 1) return error.In(given[order.front()].where);
  constexpr std::string_view kMark = ": submission ";
  const size_t at = error.message.find(kMark);
  if (at == std::string::npos) return error;
  const std::string rest = error.message.substr(at + kMark.size());
  const size_t digits = rest.find(':');
  const auto number = ParseDecimalU64(rest.substr(0, digits));
  if (digits == std::string::npos || !number || *number >= order.size()) return error;
  return {error.code, given[order[*number]].where + rest.substr(digits)};
}

Result<> AppendNew(const std::vector<ledger::NamedBundle>& given, Batch& batch,
                   ledger::Ledger& ledger, std::vector<std::optional<LeafIndex>>& indices) {
  const std::vector<size_t> order = LoggingOrder(batch);
  std::vector<Submission> ordered;
  ordered.reserve(order.size());
  for (const size_t at : order) ordered.push_back(batch.submissions[at]);
  const auto appended = ledger.Append(ordered);
  if (!appended) return NameBundle(appended.error(), given, order);
  for (size_t i = 0; i < order.size(); ++i) indices[order[i]] = (*appended)[i].index;
  return Ok();
}

// The bundle as the ledger has it, with what else was given beside the same signature.
Result<sigstore::Bundle> WithReceipt(const sigstore::Bundle& given, LeafIndex index,
                                     const ledger::Reader& reader) {
  CARNET_TRY(sigstore::Bundle logged, reader.BundleAt(index, given.envelope.payload));
  if (logged.envelope.signature != given.envelope.signature) return logged;
  if (logged.timestamps.empty()) logged.timestamps = given.timestamps;
  for (const sigstore::LogEntry& entry : given.entries)
    if (entry.log_id != reader.log_id()) logged.entries.push_back(entry);
  return logged;
}

}  // namespace

Result<std::vector<Attested>> AppendBundles(const std::vector<ledger::NamedBundle>& given,
                                            const KnownSigners& known, ledger::Ledger& ledger,
                                            TimestampMs now, OnFinding on_finding) {
  CARNET_TRY(const auto before, ledger.Read());
  CARNET_TRY(Batch batch, TakeAll(given, known, ledger, *before, now));
  CARNET_TRY_VOID(CheckAll(given, batch, *before, now, on_finding));
  std::vector<std::optional<LeafIndex>> indices = batch.logged;
  CARNET_TRY_VOID(AppendNew(given, batch, ledger, indices));
  std::vector<Attested> out;
  CARNET_TRY(const auto reader, ledger.Read());
  for (size_t at = 0; at < given.size(); ++at) {
    const Submission& submission = batch.submissions[at];
    const LeafIndex index = *indices[batch.first.at(AttestationOf(submission))];
    auto bundle = WithReceipt(given[at].bundle, index, *reader);
    if (!bundle) {
      return bundle.error().In(
          fmt::format("{}: logged as statement {} at entry {}, but its receipt could not be read",
                      given[at].where, HexEncode(submission.id().span()), index.value()));
    }
    out.push_back({submission.id(), index, *std::move(bundle), std::move(batch.notes[at]),
                   !IsNew(batch, at)});
  }
  return out;
}

}  // namespace carnet::pipeline
