#include <fmt/core.h>

#include "core/check.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "schemas/subjects.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

void CheckRunId(const StatementSet& set, const Statement& completion, Findings& findings) {
  const auto reader = ReaderOf<wire::Completion>(completion.predicate);
  const Statement* run = RunOf(set, completion);
  if (!reader.hasRunId() || run == nullptr) return;
  const auto stated = DigestOf<SubjectDigest>(reader.getRunId());
  const auto derived = schemas::IdFromNonce(Kind::kRun, run->predicate.head()->nonce);
  if (stated == derived) return;
  findings.Add(
      FindingAbout(completion, {3, RejectReason::kWrongSubjects},
                   fmt::format("has run_id {}, but the id of {} is {}", ShortDigest(stated.span()),
                               Describe(*run), ShortDigest(derived.span()))));
}

const trust::TrustedLog* LogOf(const trust::Trust& trust, const Statement& line) {
  return trust.FindLog(line.head->ledger);
}

// R9 reports a log that is not trusted.
void CheckRunLog(const PassportFile& file, const trust::Trust& trust, const Statement& line,
                 Findings& findings) {
  const Statement* run = RunBehind(file.lines, line);
  if (run == nullptr || !file.Of(line).place) return;
  const trust::TrustedLog* own = LogOf(trust, line);
  const trust::TrustedLog* runs = LogOf(trust, *run);
  if (own == nullptr || runs == nullptr || own == runs) return;
  findings.Add(FindingAbout(line, {12, RejectReason::kWrongLedger},
                            fmt::format("is meant for log {}, but its {} is meant for log {}",
                                        own->origin, Describe(*run), runs->origin),
                            "a run, its segments, completion and passport must all be in one log"));
}

void CheckIndices(const PassportFile& file, const Statement& line, Findings& findings) {
  const auto& position = file.Of(line).position;
  if (!position) return;
  for (const auto& reference : line.references) {
    const Statement* target = file.lines.Find(reference.target);
    if (target == nullptr) continue;
    const auto& earlier = file.Of(*target).position;
    if (!earlier || earlier->log != position->log) continue;
    if (earlier->index < position->index) continue;
    findings.Add(FindingAbout(line, {12, RejectReason::kLoggedOutOfOrder},
                              fmt::format("is at log index {}, but refers in {} to {} at index {}",
                                          position->index.value(), reference.field,
                                          Describe(*target), earlier->index.value()),
                              "a statement must be logged after everything that it refers to"));
  }
}

}  // namespace

void VerifyOrder(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                 unsigned threads, Findings& findings) {
  for (const Statement& line : file.lines) {
    if (line.kind() == Kind::kCompletion) CheckRunId(file.lines, line, findings);  // R3
    CheckRunLog(file, trust, line, findings);                                      // R12
    CheckIndices(file, line, findings);                                            // R12
  }
  const std::vector<SeenCheckpoint> seen =
      CheckSeenCheckpoints(file, trust, now, threads, findings);  // R14
  CheckForks(file, trust, seen, findings);                        // R14
  CheckReceiptChaining(file, trust, seen, findings);              // R13
}

}  // namespace carnet::verifier::lineage
