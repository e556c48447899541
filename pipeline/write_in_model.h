// A file in a model's folder that is no part of the model: its claims, its signature.
#pragma once

#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace carnet::pipeline {

// WriteFileAtomic with the temporary file beside the folder, where that can be: in it, it would be
// a part of the model for whoever reads that now, or after a crash. For a path that is not in the
// model, and for a model that is a file, as WriteFileAtomic.
Result<> WriteInModel(const std::string& model, const std::string& path, std::string_view content,
                      Overwrite overwrite, Readers readers = Readers::kByUmask);

}  // namespace carnet::pipeline
