#include "cli/open_run.h"

#include "cli/record_step.h"
#include "cli/step_draft.h"
#include "core/hex.h"
#include "pipeline/attest_machine.h"

namespace carnet::cli {
namespace {

using pipeline::ComposedDraft;

// Attests the machine, so that the run can plan it; its id is printed beside the run's.
Result<> PlanThisMachine(const RunOptions& options, const AtWork& work, Terminal& terminal,
                         FillOptions& fill) {
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(const auto machine,
             pipeline::ReadThisMachine(options.fill.cpu ? pipeline::Accelerators::kCpuOnly
                                                        : pipeline::Accelerators::kAny));
  CARNET_TRY(const auto attested, pipeline::AttestMachine(machine, work.signer, work.ledger, chips,
                                                          {terminal.Now(), terminal.Nonce(), false},
                                                          options.signing.dry_run));
  for (const std::string& note : attested.notes) terminal.Note(note);
  const std::string id = HexEncode(attested.id.span());
  terminal.Note((attested.repeated ? "this machine was already recorded: device " : "device ") +
                id);
  if (options.signing.dry_run) work.recorder.Expect(attested.id);
  fill.devices.push_back(id);
  return Ok();
}

Result<ComposedDraft> OpenText(const RunOptions& options, const pipeline::GivenDraft& given,
                               const DraftCheck& check, const AtWork& work, Terminal& terminal) {
  CARNET_TRY(auto filled, pipeline::FillRun(options.directory, given, terminal.Now()));
  ComposedDraft& draft = filled.draft;
  for (const std::string& note : draft.notes) terminal.Note(note);
  if (check) CARNET_TRY_VOID(check(draft.text));
  if (!options.fill.this_machine || filled.recorded) return draft;
  // Now that nothing is missing, as the device stays attested whatever becomes of the run.
  FillOptions fill = options.fill;
  fill.datasets.clear();  // these are in the draft already
  fill.allocations.clear();
  fill.set.clear();
  CARNET_TRY_VOID(PlanThisMachine(options, work, terminal, fill));
  CARNET_TRY(const auto planned, OpenDraft(schemas::Kind::kRun, "", fill));
  CARNET_TRY(
      const auto whole,
      pipeline::ComposeDraft(
          schemas::Kind::kRun,
          {.file = draft.origin.name, .text = std::move(draft.text), .set = planned.set}, {}, {}));
  draft.text = whole.text;
  draft.origin.composed = true;
  draft.origin.written = given.text;
  return draft;
}

}  // namespace

Result<pipeline::Recorded> RecordOpening(const RunOptions& options,
                                         const pipeline::GivenDraft& given, Terminal& terminal,
                                         const DraftCheck& check) {
  return RecordStep(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
    CARNET_TRY(const auto draft, OpenText(options, given, check, work, terminal));
    work.recorder.NameDraft(draft.origin);
    return work.recorder.OpenRun(draft.text, work.moment);
  });
}

std::string WrongInOpening(const RunOptions& options) {
  const bool twice = options.fill.this_machine && !options.fill.devices.empty();
  return twice ? "--this-machine is the run's device: leave --device out" : "";
}

}  // namespace carnet::cli
