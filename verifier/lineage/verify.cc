#include "verifier/lineage/verify.h"

#include <string>
#include <vector>

#include "schemas/readers.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

size_t CountUnanchored(const PassportFile& file) {
  size_t count = 0;
  for (const Line& line : file.lines) {
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
void Conclude(const PassportFile& file, Outcome& outcome) {
  const Disclosure open = ReadDisclosure(file);
  outcome.text = outcome.parents;
  if (!open.undisclosed.empty()) {
    outcome.status = RowStatus::kUndisclosed;
    outcome.text += "; undisclosed: " + Summary(open.undisclosed);
  } else if (!open.unattested.empty()) {
    outcome.status = RowStatus::kUnattested;
    outcome.text += "; unattested: " + Summary(open.unattested);
  }
  if (outcome.unanchored > 0) {
    outcome.text += "; " + std::to_string(outcome.unanchored) + " segments unanchored";
  }
}

}  // namespace

Outcome VerifyLineage(const PassportFile& file, const Line& root, Findings& findings) {
  Outcome outcome{RowStatus::kPass, {}, DescribeParents(file, root), CountUnanchored(file)};
  CheckClosure(file, root, findings);  // R19, R20
  if (findings.MayJudge(21)) {
    CheckEquivocation(file, findings);  // R21
    CheckCompletions(file, findings);   // R22, R24
    CheckLanes(file, findings);         // R23
    CheckEdges(file, findings);         // R25, R26
    CheckCycle(file, findings);         // R27
  }
  if (findings.HasRow(RowId::kLineage)) {
    outcome.status = RowStatus::kFail;
  } else {
    Conclude(file, outcome);
  }
  return outcome;
}

}  // namespace carnet::verifier::lineage
