// A step of a run that is recorded: what it works with, opened; and what is printed of it.
#pragma once

#include <string>
#include <utility>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/recorder.h"
#include "signer/signer.h"

namespace carnet::cli {

// What a step works with.
struct AtWork {
  pipeline::Recorder& recorder;
  const signer::Signer& signer;
  ledger::Ledger& ledger;
  pipeline::Moment moment;
};

// Opens everything that a recording step needs; `record` performs the step.
template <typename Step>
Result<pipeline::Recorded> RecordStep(const RunOptions& options, Terminal& terminal,
                                      const Step& record) {
  CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
  CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard, terminal,
                                           options.signing.wait));
  const pipeline::RecorderOptions how = {OnFindingOf(options.signing), options.signing.dry_run};
  auto opened = WaitForLock(options.signing.wait, terminal, [&] {
    return pipeline::Recorder::Open(options.directory, *signer, *ledger, how);
  });
  if (!opened) return Io(opened.error().message);  // another recorder is at work
  const auto recorder = std::move(opened).value();
  const bool chosen = !options.nonce.empty();
  const pipeline::Moment moment = {terminal.Now(), chosen ? options.nonce : terminal.Nonce(),
                                   chosen};
  return record(AtWork{*recorder, *signer, *ledger, moment});
}

// Notes on standard error; the step, or the statement of a dry run, on standard output.
ExitCode Report(const Result<pipeline::Recorded>& recorded, bool json, Terminal& terminal);
void NoteRecorded(const pipeline::Recorded& recorded, Terminal& terminal);

}  // namespace carnet::cli
