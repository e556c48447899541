#include "cli/step_draft.h"

#include <fmt/core.h>

#include "artifact/manifest.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/settings.h"
#include "core/file.h"
#include "core/hex.h"
#include "pipeline/carnet_fields.h"
#include "pipeline/derive_passport.h"
#include "pipeline/derive_run.h"
#include "pipeline/derive_segment.h"
#include "pipeline/derive_supplies.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/set_values.h"
#include "pipeline/source_revision.h"
#include "schemas/field_guide.h"

namespace carnet::cli {
namespace {

using pipeline::Assignment;
using pipeline::DerivedDraft;
using schemas::Kind;

Result<std::vector<Assignment>> SetIn(const FillOptions& fill) {
  std::vector<Assignment> assignments;
  for (const std::string& text : fill.set) {
    CARNET_TRY(Assignment assignment, pipeline::ParseAssignment(text));
    assignments.push_back(std::move(assignment));
  }
  return assignments;
}

// With those of options of their own.
std::vector<Assignment> AllIn(const FillOptions& fill, std::vector<Assignment> assignments) {
  for (size_t i = 0; i < fill.datasets.size(); ++i) {
    assignments.push_back({fmt::format("datasets[{}].statement", i), fill.datasets[i]});
  }
  for (const std::string& id : fill.devices) assignments.push_back({"devices", id});
  for (const std::string& id : fill.allocations) assignments.push_back({"allocations", id});
  return assignments;
}

// The ids of one option, whole. The ledger is opened for the first that is not.
Result<> MakeWhole(const std::string& option, std::vector<std::string>& ids,
                   const std::string& ledger, std::unique_ptr<ledger::Reader>& reader,
                   Terminal& terminal) {
  for (std::string& id : ids) {
    CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(id));
    if (!named.is_whole() && ledger.empty()) {
      return Malformed(
          fmt::format("{} {}: expected 64 hex digits: the first ones are enough only "
                      "where a ledger is given: {}",
                      option, id, WaysToGive(Setting::kLedger, "--ledger")));
    }
    if (!named.is_whole() && reader == nullptr) {
      CARNET_TRY(reader, OpenReader(ledger, terminal));
    }
    if (named.is_whole()) {
      id = named.digits();
      continue;
    }
    const auto found = pipeline::ResolveStatement(*reader, named);
    if (!found) return found.error().In(option);
    id = HexEncode(found->span());
  }
  return Ok();
}

Result<DerivedDraft> DeriveThisDevice(const json::Document& given, const AtHand& at_hand) {
  if (pipeline::IsDeviceStated(given)) return DerivedDraft{};  // without asking nvidia-smi
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(const auto machine,
             pipeline::ReadThisMachine(at_hand.cpu ? pipeline::Accelerators::kCpuOnly
                                                   : pipeline::Accelerators::kAny));
  return pipeline::DeriveDevice(machine, at_hand.signer, chips, given);
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

Result<FillOptions> WithWholeIds(FillOptions fill, const std::string& ledger, Terminal& terminal) {
  std::unique_ptr<ledger::Reader> reader;
  CARNET_TRY_VOID(MakeWhole("--device", fill.devices, ledger, reader, terminal));
  CARNET_TRY_VOID(MakeWhole("--dataset", fill.datasets, ledger, reader, terminal));
  CARNET_TRY_VOID(MakeWhole("--allocation", fill.allocations, ledger, reader, terminal));
  return fill;
}

Result<pipeline::GivenDraft> OpenDraft(Kind kind, const std::string& file,
                                       const FillOptions& fill) {
  pipeline::GivenDraft given;
  const schemas::ObjectGuide& guide = schemas::GuideOf(kind);
  CARNET_TRY(const auto set, SetIn(fill));
  CARNET_TRY(given.by_set, pipeline::ObjectOf(guide, set));
  CARNET_TRY(given.set, pipeline::ObjectOf(guide, AllIn(fill, set)));
  if (file.empty()) return given;
  given.file = file;
  CARNET_TRY(given.text, ReadInput(file, kMaxInputBytes));
  return given;
}

Result<DerivedDraft> DeriveDraft(Kind kind, const json::Document& given, const AtHand& at_hand,
                                 const Terminal& terminal) {
  switch (kind) {
    case Kind::kDevice:
      return DeriveThisDevice(given, at_hand);
    case Kind::kDataset:
      return DeriveFromFiles(at_hand);
    case Kind::kAllocation:
      return pipeline::DeriveAllocation(at_hand.began ? *at_hand.began : terminal.Now());
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

Result<pipeline::ComposedDraft> StepDraft(Kind kind, const pipeline::GivenDraft& given,
                                          const AtHand& at_hand, Terminal& terminal) {
  DerivedDraft derived;
  if (given.file.empty()) {
    CARNET_TRY(derived, DeriveDraft(kind, given.set, at_hand, terminal));
  }
  for (const std::string& note : derived.notes) terminal.Note(note);
  return pipeline::ComposeDraft(kind, given, derived, NotAskedFor(kind, at_hand));
}

}  // namespace carnet::cli
