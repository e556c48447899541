#include "pipeline/check_statement.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "pipeline/known_passport.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "statements/set_builder.h"
#include "verifier/judge_statement.h"

namespace carnet::pipeline {
namespace {

using statements::Statement;
using verifier::Finding;

constexpr size_t kNamedMissing = 4;  // of perhaps thousands

std::string RefusalText(const Finding& finding) {
  std::string text = fmt::format("{} (R{}): {}", verifier::RejectReasonName(finding.reason()),
                                 finding.rule(), finding.message);
  return finding.hint.empty() ? text : text + " (" + finding.hint + ")";
}

const char* DoneTo(Purpose purpose) { return purpose == Purpose::kSign ? "signed" : "logged"; }

Error Refused(const std::vector<Finding>& findings, Purpose purpose) {
  std::string text = fmt::format("not {}, as the gate would refuse it: ", DoneTo(purpose));
  for (size_t i = 0; i < findings.size(); ++i)
    text += (i == 0 ? "" : "; ") + RefusalText(findings[i]);
  return Rejected(text);
}

struct Referred {
  statements::StatementSet set;  // [0] is the statement itself
  std::vector<schemas::Reference> missing;
};

std::string NotHere(const schemas::Reference& reference) {
  return fmt::format("{} is sha256:{}, which is not in this ledger", reference.field,
                     HexEncode(reference.target.span()));
}

// A passport is collected from one ledger (pipeline/closure.h), so `passport issue` refuses
// whatever refers to a statement that is not in it. Of a run, which is opened before anything is
// computed, that is said at once: nothing is lost by waiting until the statement is there. Anything
// else is signed and the lack announced: a segment is evidence of what has been computed already,
// and a device, an allocation or a data set may still be in no passport at all.
Result<> RefuseMissing(schemas::Kind kind, const std::vector<schemas::Reference>& missing,
                       Purpose purpose) {
  if (kind != schemas::Kind::kRun || missing.empty()) return Ok();
  std::string text = fmt::format(
      "not {}, as no passport of this run could be issued from this ledger: ", DoneTo(purpose));
  for (size_t i = 0; i < missing.size() && i < kNamedMissing; ++i) {
    text += (i == 0 ? "" : "; ") + NotHere(missing[i]);
  }
  if (missing.size() > kNamedMissing) {
    text += fmt::format("; and {} more", missing.size() - kNamedMissing);
  }
  return Rejected(text +
                  " (whoever signs such a statement has to log it in this ledger first; an "
                  "input may leave its statement undisclosed)");
}

// As much as a passport may hold: what is more has none anyway.
Error BeyondAPassport(const std::string& what) {
  return Rejected("what the statement refers to is more than a passport can hold: " + what);
}

// The text of a statement that is in the ledger or about to be; null where that has no text.
struct Referent {
  bool known = false;
  std::optional<ledger::StoredEntry> logged = {};
  const Bytes* coming = nullptr;

  const Bytes* payload() const { return logged ? logged->payload() : coming; }
};

Result<Referent> FindReferent(const StatementId& id, const ledger::Reader& reader,
                              const Coming& coming) {
  if (const auto at = coming.find(id); at != coming.end()) return Referent{true, {}, at->second};
  const auto row = reader.Find(id);
  if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
  if (!row) return Referent{};
  CARNET_TRY(ledger::StoredEntry entry, reader.EntryAt(row->index));
  return Referent{true, std::move(entry), nullptr};
}

// One of which the ledger has the entry but not the text is neither in the set nor missing.
Result<Referred> Gather(const sigstore::ParsedStatement& prepared, const ledger::Reader& reader,
                        const Coming& coming) {
  statements::SetBuilder builder;
  size_t number = 1;
  uint64_t bytes = prepared.payload().size();
  if (const auto refused = builder.AddPayload(prepared.payload(), number))
    return Malformed(refused->message);
  std::vector<schemas::Reference> missing;
  for (const schemas::Reference& reference : schemas::StrongReferences(prepared.predicate())) {
    CARNET_TRY(const Referent found, FindReferent(reference.target, reader, coming));
    if (!found.known) missing.push_back(reference);
    const Bytes* const payload = found.payload();
    if (payload == nullptr) continue;
    bytes += payload->size();
    if (bytes > schemas::kMaxPassportBytes)
      return BeyondAPassport(fmt::format("more than {} bytes", schemas::kMaxPassportBytes));
    const auto refused = builder.AddPayload(*payload, ++number);
    if (refused && statements::IsLimit(refused->fault)) return BeyondAPassport(refused->message);
    if (refused && refused->fault != statements::Fault::kDuplicateStatement)
      return Corruption("a logged statement cannot be read back: " + refused->message);
  }
  return Referred{builder.Take(), std::move(missing)};
}

// A parent that a run names by its model alone, though its passport is at hand.
Result<> NoteKnownParents(const schemas::Predicate& run, const ledger::Reader& reader,
                          std::vector<std::string>& notes) {
  if (run.kind() != schemas::Kind::kRun) return Ok();
  size_t number = 0;
  for (const auto input : schemas::ReaderOf<wire::Run>(run).getInputs()) {
    const size_t at = number++;
    if (input.hasStatement() || !input.getModel().isBytes()) continue;
    CARNET_TRY(const auto passport,
               FindKnownPassport(reader, schemas::DigestOf<ModelDigest>(input.getModel())));
    if (!passport) continue;
    notes.push_back(fmt::format(
        "inputs[{}]: this ledger has a passport of that model, sha256:{}, signed by {}; unless the "
        "input names one as its `statement`, the lineage ends there",
        at, HexEncode(passport->id.span()), passport->signer.ToString()));
  }
  return Ok();
}

// R29, said of the clock: it is what has to be mended.
Result<> CheckClock(const statements::StatementSet& set, TimestampMs now, Purpose purpose) {
  for (const schemas::Reference& reference : set[0].references) {
    const Statement* target = set.Find(reference.target);
    if (target == nullptr || !target->head) continue;
    const TimestampMs created = target->head->created;
    if (created.value() <= now.value() + schemas::kClockSkewMs) continue;
    return Rejected(fmt::format(
        "the clock says {}, but {} is sha256:{}, created at {}: nothing is {} until the clock "
        "is right",
        FormatTimestamp(now), reference.field, HexEncode(reference.target.span()),
        FormatTimestamp(created), DoneTo(purpose)));
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> NotesOf(const std::vector<Finding>& findings, OnFinding on_finding,
                                         Purpose purpose) {
  if (!findings.empty() && on_finding == OnFinding::kRefuse) return Refused(findings, purpose);
  std::vector<std::string> notes;
  notes.reserve(findings.size());
  for (const Finding& finding : findings)
    notes.push_back(fmt::format("{}, though the gate will refuse it: {}", DoneTo(purpose),
                                RefusalText(finding)));
  return notes;
}

Result<std::vector<std::string>> CheckStatement(const sigstore::ParsedStatement& prepared,
                                                const ledger::Reader& reader, TimestampMs now,
                                                OnFinding on_finding, const Coming& coming,
                                                Purpose purpose) {
  CARNET_TRY(Referred referred, Gather(prepared, reader, coming));
  if (on_finding == OnFinding::kRefuse) {
    CARNET_TRY_VOID(RefuseMissing(prepared.predicate().kind(), referred.missing, purpose));
  }
  CARNET_TRY_VOID(CheckClock(referred.set, now, purpose));
  CARNET_TRY(const auto judged, verifier::JudgeStatement(referred.set, referred.set[0], now));
  CARNET_TRY(const auto found, NotesOf(judged.findings, on_finding, purpose));
  if (!judged.mistakes.empty() && on_finding == OnFinding::kRefuse) {
    return Rejected(fmt::format("not {}: {}", DoneTo(purpose), judged.mistakes.front()));
  }
  std::vector<std::string> notes;
  for (const schemas::Reference& reference : referred.missing)
    notes.push_back(NotHere(reference) + ": a passport needs it");
  for (const std::string& mistake : judged.mistakes)
    notes.push_back(fmt::format("{}, though {}", DoneTo(purpose), mistake));
  notes.insert(notes.end(), found.begin(), found.end());
  CARNET_TRY_VOID(NoteKnownParents(prepared.predicate(), reader, notes));
  for (const std::string& what : judged.undisclosed)
    notes.push_back(what + ": a passport that rests on this reaches level 1, not 2");
  return notes;
}

}  // namespace carnet::pipeline
