#include "pipeline/check_run.h"

#include <fmt/core.h>

#include "api/verdict.h"
#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/verdict_text.h"
#include "pipeline/run_journal.h"

namespace carnet::cli {
namespace {

// What a passport must state and a run does not know yet; counted as stated.
constexpr std::string_view kAssumedDraft =
    R"({"name":"to be stated","intended_deployment":"to be stated"})";

Result<std::string> PathOfModel(const CheckOptions& options) {
  if (!options.model.empty()) return options.model;
  CARNET_TRY(const auto journal, pipeline::RunJournal::Peek(options.run_directory));
  auto path = journal->ReadCheckpointPath();
  if (path || path.error().code != ErrorCode::kNotFound) return path;
  return NotFound(options.run_directory +
                  ": no segment is recorded yet; --model names the files to check");
}

Result<verifier::Verdict> Judge(const CheckOptions& options, Terminal& terminal) {
  std::string draft(kAssumedDraft);
  if (!options.draft.empty()) {
    CARNET_TRY(draft, ReadInput(options.draft, kMaxInputBytes));
  }
  CARNET_TRY(const std::string path, PathOfModel(options));
  CARNET_TRY(const trust::Trust trust, OpenTrust(options.trust, terminal));
  CARNET_TRY(const auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  CARNET_TRY(const auto chips, OpenChips(trust, options.chips));
  CARNET_TRY(const auto model, OpenRecordedModel(path, options.follow, options.covering, terminal));
  CARNET_TRY(const auto parents, OpenParents(options.parents, options.follow, terminal));
  CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
  CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard, terminal,
                                           options.signing.wait));
  const verifier::Gate gate(trust, policy, 1, &chips);
  const std::string name = options.draft.empty() ? "passport" : options.draft;
  auto judged = WaitForLock(options.signing.wait, terminal, [&] {
    return pipeline::CheckRun({options.run_directory, draft, name, parents}, model, *signer,
                              *ledger, gate, {terminal.Now(), terminal.Nonce(), false});
  });
  if (!judged) return std::move(judged).error();
  auto& checked = *judged;
  if (!checked.completed)
    terminal.Note(fmt::format("judged as if the run were completed now with {}", path));
  if (options.draft.empty())
    terminal.Note("name and intended deployment are taken as stated: --draft checks them too");
  if (!checked.judgement.already.empty()) terminal.Warn(checked.judgement.already);
  return std::move(checked.judgement.verdict);
}

}  // namespace

ExitCode Check(const CheckOptions& options, Terminal& terminal) {
  const auto verdict = Judge(options, terminal);
  // A no is the gate's: of a run that cannot be judged yet nobody can tell.
  if (!verdict) return terminal.CouldNotTell(verdict.error());
  terminal.Out(options.json ? api::VerdictOf(*verdict).ToJson() : VerdictText(*verdict, terminal));
  return ExitCodeOf(*verdict);
}

}  // namespace carnet::cli
