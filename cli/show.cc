#include "pipeline/show_statement.h"

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "pipeline/choose_statement.h"
#include "pipeline/resolve_digest.h"

namespace carnet::cli {
namespace {

Result<std::string> Answer(const ShowOptions& options, Terminal& terminal) {
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.statement));
  std::optional<trust::Trust> trust;
  if (!options.trust.empty()) {
    CARNET_TRY(trust, OpenTrust(options.trust, terminal));
  }
  const trust::Trust* trusted = trust ? &*trust : nullptr;
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  CARNET_TRY(const SubjectDigest digest, pipeline::ResolveDigest(*reader, named));
  CARNET_TRY(const pipeline::ChosenStatement chosen,
             pipeline::ChooseStatement(*reader, digest, trusted));
  if (!chosen.by_id)
    terminal.Note(
        "this is one statement about that digest; `carnet trace` shows how they hang "
        "together");
  CARNET_TRY(const pipeline::ShownStatement shown,
             pipeline::ReadShown(*reader, chosen.id, trusted));
  return options.json ? ShownJson(shown) : ShownText(shown);
}

}  // namespace

ExitCode Show(const ShowOptions& options, Terminal& terminal) {
  const auto answer = Answer(options, terminal);
  if (!answer) return terminal.Fail(answer.error());
  terminal.Out(*answer);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
