// From what was learnt about each file to what is known of the model. Values in, values out. Thread
// safe.
#pragma once

#include <string>
#include <vector>

#include "artifact/file_outcome.h"
#include "artifact/model_files.h"

namespace carnet::artifact {

// Requires at least one file, sorted by path. `not_covered` are the paths that S5 leaves out, and
// `warnings` those about paths.
ModelFiles AssembleModel(std::vector<FileOutcome> outcomes, std::vector<std::string> not_covered,
                         std::vector<std::string> warnings);

}  // namespace carnet::artifact
