#include "cli/step_draft.h"

#include <fmt/core.h>

#include "artifact/manifest.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "core/file.h"
#include "pipeline/carnet_fields.h"
#include "pipeline/derive_passport.h"
#include "pipeline/derive_run.h"
#include "pipeline/derive_segment.h"
#include "pipeline/derive_supplies.h"
#include "pipeline/set_values.h"
#include "pipeline/source_revision.h"
#include "schemas/field_guide.h"

namespace carnet::cli {
namespace {

using pipeline::Assignment;
using pipeline::DerivedDraft;
using schemas::Kind;

Result<std::vector<Assignment>> AssignmentsOf(const FillOptions& fill) {
  std::vector<Assignment> assignments;
  for (const std::string& text : fill.set) {
    CARNET_TRY(Assignment assignment, pipeline::ParseAssignment(text));
    assignments.push_back(std::move(assignment));
  }
  for (size_t i = 0; i < fill.datasets.size(); ++i) {
    assignments.push_back({fmt::format("datasets[{}].statement", i), fill.datasets[i]});
  }
  for (const std::string& id : fill.devices) assignments.push_back({"devices", id});
  for (const std::string& id : fill.allocations) assignments.push_back({"allocations", id});
  return assignments;
}

Result<DerivedDraft> DeriveThisDevice(const AtHand& at_hand) {
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(const auto machine,
             pipeline::ReadThisMachine(at_hand.cpu ? pipeline::Accelerators::kCpuOnly
                                                   : pipeline::Accelerators::kAny));
  return pipeline::DeriveDevice(machine, at_hand.signer, chips);
}

Result<DerivedDraft> DeriveFromFiles(const AtHand& at_hand) {
  if (at_hand.files.empty()) return DerivedDraft{};
  CARNET_TRY(const auto files,
             artifact::ListFiles(at_hand.files, at_hand.follow ? artifact::Links::kFollow
                                                               : artifact::Links::kRefuse));
  return pipeline::DeriveDataset(at_hand.files, files);
}

Result<DerivedDraft> DeriveFromRun(const json::Document& given, const AtHand& at_hand,
                                   const Terminal& terminal) {
  if (at_hand.reader == nullptr) return DerivedDraft{};
  CARNET_TRY(const auto names, verifier::compute::ShippedWeightNames());
  return pipeline::DeriveSegment({at_hand.run_directory, at_hand.lane, at_hand.model}, given,
                                 *at_hand.reader, names, terminal.Now());
}

}  // namespace

Result<pipeline::GivenDraft> OpenDraft(Kind kind, const std::string& file,
                                       const FillOptions& fill) {
  pipeline::GivenDraft given;
  CARNET_TRY(const auto assignments, AssignmentsOf(fill));
  CARNET_TRY(given.set, pipeline::ObjectOf(schemas::GuideOf(kind), assignments));
  if (file.empty()) return given;
  given.file = file;
  CARNET_TRY(given.text, ReadInput(file, kMaxInputBytes));
  return given;
}

Result<DerivedDraft> DeriveDraft(Kind kind, const json::Document& given, const AtHand& at_hand,
                                 const Terminal& terminal) {
  switch (kind) {
    case Kind::kDevice:
      return DeriveThisDevice(at_hand);
    case Kind::kDataset:
      return DeriveFromFiles(at_hand);
    case Kind::kAllocation:
      return pipeline::DeriveAllocation(terminal.Now());
    case Kind::kRun: {
      CARNET_TRY(const auto revision, pipeline::ReadSourceRevision());
      return pipeline::DeriveRun(given, revision);
    }
    case Kind::kSegment:
      return DeriveFromRun(given, at_hand, terminal);
    case Kind::kPassport:
      if (!at_hand.completion || at_hand.reader == nullptr) return DerivedDraft{};
      return pipeline::DerivePassport(*at_hand.reader, *at_hand.completion);
    case Kind::kCompletion:
    case Kind::kVerdict:
      return DerivedDraft{};
  }
  CARNET_CHECK(false);
}

pipeline::FieldNames NotAskedFor(Kind kind, const AtHand& at_hand) {
  // Without its files, a data set's draft says what they are.
  if (kind == Kind::kDataset && at_hand.files.empty()) return {};
  return pipeline::FieldsSetByCarnet(kind);
}

Result<std::string> StepDraft(Kind kind, const pipeline::GivenDraft& given, const AtHand& at_hand,
                              Terminal& terminal) {
  DerivedDraft derived;
  if (given.file.empty()) {
    CARNET_TRY(derived, DeriveDraft(kind, given.set, at_hand, terminal));
  }
  for (const std::string& note : derived.notes) terminal.Note(note);
  return pipeline::ComposeDraft(kind, given, derived, NotAskedFor(kind, at_hand));
}

}  // namespace carnet::cli
