// Reads listed files to their outcomes on all cores, each byte once.
#pragma once

#include <vector>

#include "artifact/file_outcome.h"
#include "artifact/manifest.h"
#include "artifact/model_files.h"
#include "core/result.h"

namespace carnet::artifact {

// In the order of `files`. Errors: the first that any thread meets; rejected when the weight files
// have too many tensors to hold.
Result<std::vector<FileOutcome>> ReadFiles(const std::vector<ListedFile>& files,
                                           const ReadOptions& options);

}  // namespace carnet::artifact
