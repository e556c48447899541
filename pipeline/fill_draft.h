// Drafts filled with whatever is at hand when a step is taken, for the command and the library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "artifact/model_files.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "json/document.h"
#include "ledger/reader.h"
#include "pipeline/compose_draft.h"
#include "pipeline/derived_draft.h"
#include "pipeline/draft.h"
#include "schemas/kind.h"

namespace carnet::pipeline {

// What is at hand when a draft is derived.
struct AtHand {
  std::optional<SignerId> signer = {};          // device
  bool cpu = false;                             // device
  std::string files = {};                       // dataset
  bool follow = false;                          // dataset
  std::string run_directory = {};               // segment
  uint64_t lane = 0;                            // segment
  const artifact::ModelFiles* model = nullptr;  // segment
  std::optional<StatementId> completion = {};   // passport
  const ledger::Reader* reader = nullptr;       // segment, passport
  std::optional<TimestampMs> began = {};        // allocation: as an earlier call recorded it
};

// Empty for a kind of which nothing is at hand.
Result<DerivedDraft> DeriveDraft(schemas::Kind kind, const json::Document& given,
                                 const AtHand& at_hand, TimestampMs now);

// Fields of the kind that nobody has to give: Carnet sets them.
FieldNames NotAskedFor(schemas::Kind kind, const AtHand& at_hand);

// The draft of a step: composed (pipeline/compose_draft.h); a file is not added to. Segments and
// runs that may have been recorded before have functions of their own. Notes say what was taken
// from where. Errors: as DeriveDraft and ComposeDraft.
Result<ComposedDraft> FillDraft(schemas::Kind kind, const GivenDraft& given, const AtHand& at_hand,
                                TimestampMs now);

struct FilledRun {
  ComposedDraft draft;
  bool recorded;  // in that directory before, with this draft
};
Result<FilledRun> FillRun(const std::string& run_directory, const GivenDraft& given,
                          TimestampMs now);

// As it was recorded there, if it was; its figures are computed. Requires `model` and `reader`.
Result<ComposedDraft> FillSegment(const GivenDraft& given, const AtHand& at_hand, TimestampMs now);

}  // namespace carnet::pipeline
