// The draft with which a step was recorded, where a call without a draft asks for the same again:
// what it would derive now (the time, the state of the code) is no longer what was signed then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/digests.h"
#include "core/result.h"
#include "json/document.h"

namespace carnet::pipeline {

// Absent where no run was opened in that directory. Errors: conflict: it was, with another value of
// what is `given` now; as RunJournal::Read.
Result<std::optional<std::string>> RecordedRun(const std::string& run_directory,
                                               const json::Document& given);

// Of the lane's segment that ended with this checkpoint and states everything that is `given`.
// Absent where none ended with it. Errors: conflict: the one that did states other values.
Result<std::optional<std::string>> RecordedSegment(const std::string& run_directory, uint64_t lane,
                                                   const json::Document& given,
                                                   const ModelDigest& checkpoint);

}  // namespace carnet::pipeline
