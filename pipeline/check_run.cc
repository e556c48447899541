#include "pipeline/check_run.h"

#include "pipeline/issue_passport.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"

namespace carnet::pipeline {
namespace {

// Signed as a recorder would, but for nobody.
Result<signer::SignedStatement> AssumedCompletion(const std::string& run_directory,
                                                  const artifact::ModelFiles& model,
                                                  const signer::Signer& signer,
                                                  ledger::Ledger& ledger, const Moment& moment) {
  CARNET_TRY(const auto recorder,
             Recorder::Open(run_directory, signer, ledger,
                            {.on_finding = OnFinding::kNote, .dry_run = true}));
  CARNET_TRY(const Recorded completion, recorder->Complete("{}", model, moment));
  if (completion.unsigned_statement == nullptr)
    return Conflict(run_directory + ": the run was completed meanwhile: check it again");
  CARNET_TRY(auto statement,
             sigstore::ParsedStatement::Parse(completion.unsigned_statement->payload()));
  return signer.Sign(std::move(statement));
}

}  // namespace

Result<CheckedRun> CheckRun(const RunToCheck& run, const artifact::ModelFiles& model,
                            const signer::Signer& signer, ledger::Ledger& ledger,
                            const verifier::Gate& gate, const Moment& moment) {
  CARNET_TRY(const RunStatus status, ReadRunStatus(run.directory));
  if (!status.run) return NotFound(run.directory + ": no run is open here");
  if (status.outcome == "aborted") return Rejected(run.directory + ": the run is aborted");
  std::optional<signer::SignedStatement> assumed;
  if (!status.closing) {
    CARNET_TRY(assumed, AssumedCompletion(run.directory, model, signer, ledger, moment));
  }
  const PassportRequest request = {
      .draft = run.draft,
      .origin = run.draft_name,
      .completion = assumed ? assumed->id() : *status.closing,
      .parents = run.parents,
      .unlogged_completion = assumed ? &assumed->bundle : nullptr,
  };
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(PassportJudgement judged,
             JudgePassport(request, model, signer, *reader, gate, moment));
  return CheckedRun{!assumed, std::move(judged)};
}

}  // namespace carnet::pipeline
