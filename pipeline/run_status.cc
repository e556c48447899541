#include "pipeline/run_status.h"

#include "pipeline/own_statement.h"
#include "pipeline/run_journal.h"
#include "schemas/readers.h"
#include "statements/graph.h"

namespace carnet::pipeline {

Result<RunStatus> ReadRunStatus(const std::string& run_directory) {
  CARNET_TRY(const auto journal, RunJournal::Peek(run_directory));
  RunStatus status;
  status.outcome = "not opened";
  CARNET_TRY(const auto run, journal->Read(kRunStep));
  if (!run) return status;
  CARNET_TRY(const sigstore::ParsedStatement opened, ReadOwnStatement(run->signed_bundle));
  status.outcome = "open";
  status.run = opened.id();
  if (!run->logged) status.unlogged_steps.push_back(kRunStep);
  const uint64_t lanes = statements::LanesOf(opened.predicate());
  CARNET_TRY(const std::vector<uint64_t> counts, journal->SegmentCounts(lanes));
  for (uint64_t lane = 0; lane < lanes; ++lane) {
    const uint64_t count = counts[lane];
    status.lanes.push_back({count, {}, {}});
    if (count == 0) continue;
    CARNET_TRY(const auto last, journal->Read(SegmentStep(lane, count - 1)));
    if (!last) continue;
    if (!last->logged) status.unlogged_steps.push_back(last->name);
    CARNET_TRY(const sigstore::ParsedStatement segment, ReadOwnStatement(last->signed_bundle));
    const auto fields = schemas::ReaderOf<wire::Segment>(segment.predicate());
    status.lanes.back().next_step = fields.getSteps().getTo().getValue();
    status.lanes.back().checkpoint = schemas::DigestOf<ModelDigest>(fields.getModel());
  }
  CARNET_TRY(const auto closing, journal->Read(kClosingStep));
  if (!closing) return status;
  CARNET_TRY(const sigstore::ParsedStatement closed, ReadOwnStatement(closing->signed_bundle));
  status.closing = closed.id();
  if (!closing->logged) status.unlogged_steps.push_back(kClosingStep);
  const auto completion = schemas::ReaderOf<wire::Completion>(closed.predicate());
  const bool aborted = completion.getOutcome() == wire::Outcome::ABORTED;
  status.outcome = aborted ? "aborted" : "completed";
  return status;
}

}  // namespace carnet::pipeline
