// The draft of a command: its file, `--set` and the like (pipeline/fill_draft.h adds the rest).
#pragma once

#include <string>

#include "cli/command.h"
#include "core/result.h"
#include "pipeline/compose_draft.h"
#include "pipeline/fill_draft.h"
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

// As pipeline::FillDraft, with its notes printed.
Result<pipeline::ComposedDraft> StepDraft(schemas::Kind kind, const pipeline::GivenDraft& given,
                                          const pipeline::AtHand& at_hand, Terminal& terminal);

}  // namespace carnet::cli
