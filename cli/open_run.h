// A run is opened: as `carnet run open` asks, or as `carnet admit` does once its base has passed.
#pragma once

#include <functional>
#include <string_view>

#include "cli/command.h"
#include "core/result.h"
#include "pipeline/compose_draft.h"
#include "pipeline/recorder.h"

namespace carnet::cli {

// Signs nothing where `check` refuses the whole draft.
using DraftCheck = std::function<Result<>(std::string_view draft)>;

// `given` was read once, before everything else: standard input and pipes give a text only once,
// and a file could change in between.
Result<pipeline::Recorded> RecordOpening(const RunOptions& options,
                                         const pipeline::GivenDraft& given, Terminal& terminal,
                                         const DraftCheck& check = {});

// What goes together in the options; empty where all does.
std::string WrongInOpening(const RunOptions& options);

}  // namespace carnet::cli
