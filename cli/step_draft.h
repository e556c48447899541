// The draft of a command: its file, `--set` and the like, and what can be derived where there is no
// file (pipeline/compose_draft.h).
#pragma once

#include <optional>
#include <string>

#include "artifact/model_files.h"
#include "cli/command.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "ledger/reader.h"
#include "pipeline/compose_draft.h"
#include "pipeline/derived_draft.h"
#include "schemas/kind.h"

namespace carnet::cli {

// The statements that the options name, by their whole ids: the first digits are looked up in this
// ledger, which is opened only where they are not whole. Errors: malformed (there is no ledger),
// not_found, as OpenReader.
Result<FillOptions> WithWholeIds(FillOptions fill, const std::string& ledger, Terminal& terminal);

// The file, unless its path is empty, and the fields that the options give. Errors: malformed (a
// field that the kind does not have, a value that it does not take), io, not_found.
Result<pipeline::GivenDraft> OpenDraft(schemas::Kind kind, const std::string& file,
                                       const FillOptions& fill);

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
Result<pipeline::DerivedDraft> DeriveDraft(schemas::Kind kind, const json::Document& given,
                                           const AtHand& at_hand, const Terminal& terminal);

// Fields of the kind that nobody has to give: Carnet sets them.
pipeline::FieldNames NotAskedFor(schemas::Kind kind, const AtHand& at_hand);

// The text that `carnet attest` and the other steps take: composed, and notes printed. Segments
// have a function of their own in the pipeline.
Result<pipeline::ComposedDraft> StepDraft(schemas::Kind kind, const pipeline::GivenDraft& given,
                                          const AtHand& at_hand, Terminal& terminal);

}  // namespace carnet::cli
