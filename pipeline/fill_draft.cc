#include "pipeline/fill_draft.h"

#include "artifact/manifest.h"
#include "core/check.h"
#include "pipeline/carnet_fields.h"
#include "pipeline/derive_passport.h"
#include "pipeline/derive_run.h"
#include "pipeline/derive_segment.h"
#include "pipeline/derive_supplies.h"
#include "pipeline/recorded_draft.h"
#include "pipeline/source_revision.h"

namespace carnet::pipeline {
namespace {

using schemas::Kind;

// What was signed then, from which nobody wrote a line.
ComposedDraft AsRecorded(Kind kind, std::string text) {
  ComposedDraft draft{std::move(text), schemas::KindName(kind)};
  draft.origin.composed = true;
  return draft;
}

// Of what was derived first.
ComposedDraft WithNotes(const DerivedDraft& derived, ComposedDraft composed) {
  composed.notes.insert(composed.notes.begin(), derived.notes.begin(), derived.notes.end());
  return composed;
}

Result<DerivedDraft> DeriveThisDevice(const json::Document& given, const AtHand& at_hand) {
  if (IsDeviceStated(given)) return DerivedDraft{};  // without asking nvidia-smi
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(const auto machine,
             ReadThisMachine(at_hand.cpu ? Accelerators::kCpuOnly : Accelerators::kAny));
  return DeriveDevice(machine, at_hand.signer, chips, given);
}

Result<DerivedDraft> DeriveFromFiles(const AtHand& at_hand) {
  if (at_hand.files.empty()) return DerivedDraft{};
  CARNET_TRY(const auto files,
             artifact::ListFiles(at_hand.files, at_hand.follow ? artifact::Links::kFollow
                                                               : artifact::Links::kRefuse));
  return DeriveDataset(at_hand.files, files);
}

Result<DerivedDraft> DeriveFromRun(const json::Document& given, const AtHand& at_hand,
                                   TimestampMs now) {
  if (at_hand.reader == nullptr) return DerivedDraft{};
  CARNET_TRY(const auto names, verifier::compute::ShippedWeightNames());
  return DeriveSegment({at_hand.run_directory, at_hand.lane, at_hand.model}, given, *at_hand.reader,
                       names, now);
}

}  // namespace

Result<DerivedDraft> DeriveDraft(Kind kind, const json::Document& given, const AtHand& at_hand,
                                 TimestampMs now) {
  switch (kind) {
    case Kind::kDevice:
      return DeriveThisDevice(given, at_hand);
    case Kind::kDataset:
      return DeriveFromFiles(at_hand);
    case Kind::kAllocation:
      return DeriveAllocation(at_hand.began ? *at_hand.began : now);
    case Kind::kRun: {
      CARNET_TRY(const auto revision, ReadSourceRevision());
      return DeriveRun(given, revision);
    }
    case Kind::kSegment:
      return DeriveFromRun(given, at_hand, now);
    case Kind::kPassport:
      if (!at_hand.completion || at_hand.reader == nullptr) return DerivedDraft{};
      return DerivePassport(*at_hand.reader, *at_hand.completion);
    case Kind::kCompletion:
    case Kind::kVerdict:
      return DerivedDraft{};
  }
  CARNET_CHECK(false);
}

FieldNames NotAskedFor(Kind kind, const AtHand& at_hand) {
  // Without its files, a data set's draft says what they are.
  if (kind == Kind::kDataset && at_hand.files.empty()) return {};
  return FieldsSetByCarnet(kind);
}

Result<ComposedDraft> FillDraft(Kind kind, const GivenDraft& given, const AtHand& at_hand,
                                TimestampMs now) {
  DerivedDraft derived;
  if (given.file.empty()) {
    CARNET_TRY(derived, DeriveDraft(kind, given.set, at_hand, now));
  }
  CARNET_TRY(auto composed, ComposeDraft(kind, given, derived, NotAskedFor(kind, at_hand)));
  return WithNotes(derived, std::move(composed));
}

Result<FilledRun> FillRun(const std::string& run_directory, const GivenDraft& given,
                          TimestampMs now) {
  if (given.file.empty()) {
    CARNET_TRY(auto recorded, RecordedRun(run_directory, given.set));
    if (recorded) return FilledRun{AsRecorded(Kind::kRun, *std::move(recorded)), true};
  }
  CARNET_TRY(auto draft, FillDraft(Kind::kRun, given, {}, now));
  return FilledRun{std::move(draft), false};
}

Result<ComposedDraft> FillSegment(const GivenDraft& given, const AtHand& at_hand, TimestampMs now) {
  DerivedDraft derived;
  if (given.file.empty()) {
    CARNET_TRY(auto recorded, RecordedSegment(at_hand.run_directory, at_hand.lane, given.set,
                                              at_hand.model->digest));
    if (recorded) return AsRecorded(Kind::kSegment, *std::move(recorded));
    CARNET_TRY(derived, DeriveDraft(Kind::kSegment, given.set, at_hand, now));
  }
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(auto composed, ComposeSegment(given, derived, LoggedPeaks(*at_hand.reader, chips)));
  return WithNotes(derived, std::move(composed));
}

}  // namespace carnet::pipeline
