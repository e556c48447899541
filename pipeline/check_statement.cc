#include "pipeline/check_statement.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "schemas/limits.h"
#include "statements/set_builder.h"
#include "verifier/judge_statement.h"

namespace carnet::pipeline {
namespace {

using statements::Statement;
using verifier::Finding;

std::string RefusalText(const Finding& finding) {
  std::string text = fmt::format("{} (R{}): {}", verifier::RejectReasonName(finding.reason()),
                                 finding.rule(), finding.message);
  return finding.hint.empty() ? text : text + " (" + finding.hint + ")";
}

Error Refused(const std::vector<Finding>& findings) {
  std::string text = "not signed, as the gate would refuse it: ";
  for (size_t i = 0; i < findings.size(); ++i)
    text += (i == 0 ? "" : "; ") + RefusalText(findings[i]);
  return Rejected(text);
}

struct Referred {
  statements::StatementSet set;      // [0] is the statement itself
  std::vector<std::string> missing;  // in words
};

// As much as a passport may hold: what is more has none anyway.
Error BeyondAPassport(const std::string& what) {
  return Rejected("what the statement refers to is more than a passport can hold: " + what);
}

// One of which the ledger has the entry but not the text is neither in the set nor missing.
Result<Referred> Gather(const sigstore::ParsedStatement& prepared, const ledger::Reader& reader) {
  statements::SetBuilder builder;
  size_t number = 1;
  uint64_t bytes = prepared.payload().size();
  if (const auto refused = builder.AddPayload(prepared.payload(), number))
    return Malformed(refused->message);
  std::vector<std::string> missing;
  for (const schemas::Reference& reference : schemas::StrongReferences(prepared.predicate())) {
    const auto row = reader.Find(reference.target);
    if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
    if (!row) {
      missing.push_back(
          fmt::format("{} is sha256:{}, which is not in this ledger: a passport needs it",
                      reference.field, HexEncode(reference.target.span())));
      continue;
    }
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(row->index));
    if (entry.payload() == nullptr) continue;
    bytes += entry.payload()->size();
    if (bytes > schemas::kMaxPassportBytes)
      return BeyondAPassport(fmt::format("more than {} bytes", schemas::kMaxPassportBytes));
    const auto refused = builder.AddPayload(*entry.payload(), ++number);
    if (refused && statements::IsLimit(refused->fault)) return BeyondAPassport(refused->message);
    if (refused && refused->fault != statements::Fault::kDuplicateStatement)
      return Corruption("a logged statement cannot be read back: " + refused->message);
  }
  return Referred{builder.Take(), std::move(missing)};
}

// R29, said of the clock: it is what has to be mended.
Result<> CheckClock(const statements::StatementSet& set, TimestampMs now) {
  for (const schemas::Reference& reference : set[0].references) {
    const Statement* target = set.Find(reference.target);
    if (target == nullptr || !target->head) continue;
    const TimestampMs created = target->head->created;
    if (created.value() <= now.value() + schemas::kClockSkewMs) continue;
    return Rejected(fmt::format(
        "the clock says {}, but {} is sha256:{}, created at {}: nothing is signed until the clock "
        "is right",
        FormatTimestamp(now), reference.field, HexEncode(reference.target.span()),
        FormatTimestamp(created)));
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> CheckStatement(const sigstore::ParsedStatement& prepared,
                                                const ledger::Reader& reader, TimestampMs now,
                                                OnFinding on_finding) {
  CARNET_TRY(Referred referred, Gather(prepared, reader));
  CARNET_TRY_VOID(CheckClock(referred.set, now));
  CARNET_TRY(const auto judged, verifier::JudgeStatement(referred.set, referred.set[0], now));
  if (!judged.findings.empty() && on_finding == OnFinding::kRefuse) return Refused(judged.findings);
  if (!judged.mistakes.empty() && on_finding == OnFinding::kRefuse) {
    return Rejected("not signed: " + judged.mistakes.front());
  }
  std::vector<std::string> notes = std::move(referred.missing);
  for (const std::string& mistake : judged.mistakes) notes.push_back("signed, though " + mistake);
  for (const Finding& finding : judged.findings)
    notes.push_back("signed, though the gate will refuse it: " + RefusalText(finding));
  for (const std::string& what : judged.undisclosed)
    notes.push_back(what + ": a passport that rests on this reaches level 1, not 2");
  return notes;
}

}  // namespace carnet::pipeline
