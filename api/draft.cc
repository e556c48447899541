#include <carnet/draft.h>

#include "api/given_draft.h"
#include "api/record_state.h"
#include "core/hex.h"
#include "pipeline/attest_machine.h"
#include "pipeline/find_project.h"
#include "pipeline/machine_report.h"

namespace carnet {

Result<FilledDraft> FillDataset(const std::string& path, std::string_view given) {
  CARNET_TRY(const pipeline::GivenDraft draft, api::GivenOf(given));
  return api::FilledOf(
      pipeline::FillDraft(schemas::Kind::kDataset, draft, {.files = path}, TimestampMs(0)));
}

Result<FilledDraft> FillPassport(const Ledger& ledger, std::string_view completion,
                                 std::string_view given) {
  const auto id = HexDecodeTo<StatementId>(completion);
  if (!id) return Malformed("completion: expected 64 lowercase hex digits");
  CARNET_TRY(const pipeline::GivenDraft draft, api::GivenOf(given));
  CARNET_TRY(const auto reader, Internals::StateOf(ledger).ledger->Read());
  return api::FilledOf(pipeline::FillDraft(schemas::Kind::kPassport, draft,
                                           {.completion = *id, .reader = reader.get()},
                                           TimestampMs(0)));
}

Result<std::string> ReportMachine(bool cpu_only) {
  using pipeline::Accelerators;
  CARNET_TRY(const auto machine,
             pipeline::ReadThisMachine(cpu_only ? Accelerators::kCpuOnly : Accelerators::kAny));
  return pipeline::WriteMachineReport(machine);
}

Result<AttestedMachine> AttestMachine(const Ledger& ledger, const Key& key, std::string_view report,
                                      Time now) {
  CARNET_TRY(const auto machine, pipeline::ReadMachineReport(report));
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, ""));
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(auto attested,
             pipeline::AttestMachine(machine, *Internals::StateOf(key).signer,
                                     *Internals::StateOf(ledger).ledger, chips, moment));
  return AttestedMachine{HexEncode(attested.id.span()), attested.repeated,
                         std::move(attested.notes)};
}

Result<std::optional<Project>> FindProject(const std::string& named) {
  std::vector<std::string> warnings;
  CARNET_TRY(const auto found,
             pipeline::FindProject(pipeline::ChoiceOf(named), {}, [&](const std::string& warning) {
               warnings.push_back(warning);
             }));
  if (!found) return std::optional<Project>();
  const pipeline::Project& project = found->project;
  return std::optional(Project{found->path, project.ledger, project.guard, project.key,
                               project.trust, project.policy, project.party_id, project.party_name,
                               std::move(warnings)});
}

}  // namespace carnet
