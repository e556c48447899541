#include "core/check.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "schemas/subjects.h"
#include "verifier/describe.h"
#include "verifier/lineage/graph.h"
#include "verifier/lineage/rules.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

void CheckRunId(const PassportFile& file, const Line& completion, Findings& findings) {
  const auto reader = ReaderOf<wire::Completion>(completion.predicate);
  const Line* run = RunOf(file, completion);
  if (!reader.hasRunId() || run == nullptr) return;
  const auto stated = DigestOf<SubjectDigest>(reader.getRunId());
  const auto derived = schemas::IdFromNonce(Kind::kRun, run->predicate.head()->nonce);
  if (stated == derived) return;
  findings.Add(FindingAbout(completion, {3, RejectReason::kWrongSubjects},
                            "has run_id " + ShortDigest(stated.span()) + ", but the id of " +
                                Describe(*run) + " is " + ShortDigest(derived.span())));
}

const trust::TrustedLog* LogOf(const trust::Trust& trust, const Line& line) {
  return trust.FindLog(line.predicate.head()->ledger);
}

// The run that a segment, completion or passport belongs to.
const Line* RunBehind(const PassportFile& file, const Line& line) {
  if (line.kind() == Kind::kSegment || line.kind() == Kind::kCompletion) return RunOf(file, line);
  if (line.kind() != Kind::kPassport) return nullptr;
  const Line* completion = CompletionOf(file, line);
  return completion == nullptr ? nullptr : RunOf(file, *completion);
}

// A log that trust does not know is R9's affair.
void CheckRunLog(const PassportFile& file, const trust::Trust& trust, const Line& line,
                 Findings& findings) {
  const Line* run = RunBehind(file, line);
  if (run == nullptr) return;
  const trust::TrustedLog* own = LogOf(trust, line);
  const trust::TrustedLog* runs = LogOf(trust, *run);
  if (own == nullptr || runs == nullptr || own == runs) return;
  findings.Add(FindingAbout(
      line, {12, RejectReason::kWrongLedger},
      "is meant for log " + own->origin + ", its " + Describe(*run) + " for log " + runs->origin,
      "one log holds a run, its segments, completion and passport"));
}

void CheckIndices(const PassportFile& file, const Line& line, Findings& findings) {
  if (!line.position) return;
  for (const auto& reference : schemas::StrongReferences(line.predicate)) {
    const Line* target = file.Find(reference.target);
    if (target == nullptr || !target->position) continue;
    if (target->position->log != line.position->log) continue;
    if (target->position->index < line.position->index) continue;
    findings.Add(FindingAbout(line, {12, RejectReason::kLoggedOutOfOrder},
                              "at log index " + std::to_string(line.position->index.value()) +
                                  " refers (" + std::string(reference.field) + ") to " +
                                  Describe(*target) + " at index " +
                                  std::to_string(target->position->index.value()),
                              "what a statement refers to is in the log before it"));
  }
}

}  // namespace

void VerifyOrder(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                 Findings& findings) {
  for (const Line& line : file.lines) {
    if (line.kind() == Kind::kCompletion) CheckRunId(file, line, findings);  // R3
    CheckRunLog(file, trust, line, findings);                                // R12
    CheckIndices(file, line, findings);                                      // R12
  }
  const std::vector<SeenCheckpoint> seen = CheckSeenCheckpoints(file, trust, now, findings);  // R14
  CheckForks(file, trust, seen, findings);                                                    // R14
  CheckReceiptChaining(file, trust, seen, findings);                                          // R13
}

}  // namespace carnet::verifier::lineage
