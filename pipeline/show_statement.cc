#include "pipeline/show_statement.h"

#include <unordered_set>

#include "ledger/index_terms.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "sigstore/statement.h"

namespace carnet::pipeline {
namespace {

// What the statement refers to and a closure does not follow: an earlier passport, a judged one.
std::vector<StatementId> WeakReferences(const schemas::Predicate& predicate) {
  std::vector<StatementId> targets;
  if (predicate.kind() == schemas::Kind::kPassport) {
    const auto passport = schemas::ReaderOf<wire::Passport>(predicate);
    if (passport.hasSupersedes())
      targets.push_back(schemas::DigestOf<StatementId>(passport.getSupersedes()));
  }
  if (predicate.kind() == schemas::Kind::kVerdict) {
    for (const auto judged : schemas::ReaderOf<wire::Verdict>(predicate).getInputAttestations())
      if (judged.hasDigest() && judged.getDigest().hasSha256())
        targets.push_back(schemas::DigestOf<StatementId>(judged.getDigest().getSha256()));
  }
  return targets;
}

// Strong ones first, each once, at most kNamedReferences.
std::vector<StatementId> TargetsOf(const schemas::Predicate& predicate) {
  std::vector<StatementId> targets;
  std::unordered_set<StatementId> seen;
  const auto add = [&](const StatementId& target) {
    if (targets.size() < kNamedReferences && seen.insert(target).second) targets.push_back(target);
  };
  for (const schemas::Reference& reference : schemas::StrongReferences(predicate))
    add(reference.target);
  for (const StatementId& target : WeakReferences(predicate)) add(target);
  return targets;
}

Result<std::vector<LoggedStatement>> Named(const ledger::Reader& reader,
                                           const std::vector<StatementId>& targets,
                                           const trust::Trust* trust) {
  CARNET_TRY(const auto rows, reader.FindAll(targets));
  std::vector<LoggedStatement> named;
  for (const auto& row : rows) {
    if (!row) continue;
    CARNET_TRY(LoggedStatement statement, ReadLogged(reader, row->index, trust));
    named.push_back(std::move(statement));
  }
  return named;
}

Result<> ReadText(const ledger::Reader& reader, ByteSpan payload, const trust::Trust* trust,
                  ShownStatement& shown) {
  auto read = sigstore::ReadStatement(payload);
  auto* statement = std::get_if<sigstore::Statement>(&read);
  if (statement == nullptr)
    return Corruption("statement " + LongId(shown.statement.id) + " cannot be read back");
  shown.subjects = std::move(statement->subjects);
  CARNET_TRY(shown.references, Named(reader, TargetsOf(statement->predicate), trust));
  return Ok();
}

// Of a text that is absent, what the index kept of it.
Result<> ReadTerms(const ledger::Reader& reader, const ledger::StatementRow& row,
                   const schemas::Absence& absence, const trust::Trust* trust,
                   ShownStatement& shown) {
  CARNET_TRY(const ledger::IndexTerms terms, ledger::DecodeTerms(absence.terms));
  for (const SubjectDigest& subject : terms.subjects) shown.subjects.push_back({"", subject});
  std::vector<StatementId> targets = row.references;
  if (targets.size() > kNamedReferences)
    targets.erase(targets.begin() + kNamedReferences, targets.end());
  CARNET_TRY(shown.references, Named(reader, targets, trust));
  return Ok();
}

Result<> ReadReferrers(const ledger::Reader& reader, const StatementId& id,
                       const trust::Trust* trust, ShownStatement& shown) {
  CARNET_TRY(const auto indices, reader.ReferrersOf(id, kShownReferrers + 1));
  shown.more_referrers = indices.size() > kShownReferrers;
  for (const LeafIndex index : indices) {
    if (shown.referrers.size() == kShownReferrers) break;
    CARNET_TRY(LoggedStatement referrer, ReadLogged(reader, index, trust));
    shown.referrers.push_back(std::move(referrer));
  }
  return Ok();
}

}  // namespace

Result<ShownStatement> ReadShown(const ledger::Reader& reader, const StatementId& id,
                                 const trust::Trust* trust) {
  CARNET_TRY(const ledger::StatementRow row, reader.Find(id));
  CARNET_TRY(LoggedStatement statement, ReadLogged(reader, row.index, trust));
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(row.index));
  ShownStatement shown{std::move(statement), reader.size(), {}, {}, entry.content, {}, {}, false,
                       trust != nullptr};
  CARNET_TRY(shown.indices, reader.IndicesOf(id));
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
    CARNET_TRY_VOID(ReadTerms(reader, row, *absence, trust, shown));
  } else {
    CARNET_TRY_VOID(ReadText(reader, *entry.payload(), trust, shown));
  }
  CARNET_TRY_VOID(ReadReferrers(reader, id, trust, shown));
  return shown;
}

}  // namespace carnet::pipeline
