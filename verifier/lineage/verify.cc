#include "verifier/lineage/verify.h"

#include <string>
#include <vector>

#include "schemas/readers.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

size_t CountUnanchored(const StatementSet& set) {
  size_t count = 0;
  for (const Statement& line : set) {
    if (line.kind() != schemas::Kind::kSegment) continue;
    if (!schemas::ReaderOf<wire::Segment>(line.predicate).hasAfter()) ++count;
  }
  return count;
}

std::string Summary(const std::vector<std::string>& notes) {
  const size_t more = notes.size() - 1;
  return notes.front() + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

// R28 and the texts, once no rule has failed.
Outcome Conclude(const StatementSet& set, const Statement& root, const SpeakerOf& speaker) {
  Outcome outcome{RowStatus::kPass, DescribeParents(set, root, speaker), AdapterBase(set, root)};
  if (outcome.only_with_base) outcome.text += "; only with base " + *outcome.only_with_base;
  const Disclosure open = ReadDisclosure(set);
  if (!open.undisclosed.empty()) {
    outcome.status = RowStatus::kUndisclosed;
    outcome.text += "; undisclosed: " + Summary(open.undisclosed);
  } else if (!open.unattested.empty()) {
    outcome.status = RowStatus::kUnattested;
    outcome.text += "; unattested: " + Summary(open.unattested);
  }
  const size_t unanchored = CountUnanchored(set);
  if (unanchored > 0) outcome.text += "; " + Counted(unanchored, "segment") + " unanchored";
  return outcome;
}

}  // namespace

Outcome VerifyLineage(const StatementSet& set, const Statement& root, Findings& findings,
                      const SpeakerOf& speaker) {
  CheckClosure(set, root, findings);  // R19, R20
  if (findings.MayJudge(21)) {
    CheckEquivocation(set, findings);            // R21
    CheckCompletions(set, set.All(), findings);  // R22, R24
    CheckLanes(set, set.All(), findings);        // R23
    CheckEdges(set, set.All(), findings);        // R25, R26
    CheckCycle(set, findings);                   // R27
  }
  if (findings.HasRow(RowId::kLineage)) return {RowStatus::kFail, {}, {}};
  return Conclude(set, root, speaker);
}

void JudgeStatement(const StatementSet& set, const Statement& line, TimestampMs now,
                    Findings& findings) {
  const Lines alone(&line, 1);
  CheckKinds(set, line, findings);  // R20
  if (set.HasReferencesOf(line) && findings.empty()) {
    CheckCompletions(set, alone, findings);                                        // R22, R24
    if (line.kind() == schemas::Kind::kSegment) CheckLanes(set, alone, findings);  // R23
    CheckEdges(set, alone, findings);                                              // R25, R26
  }
  CheckTimes(set, alone, now, findings);  // R29
}

}  // namespace carnet::verifier::lineage
