// What `carnet digest` prints of a model.
#pragma once

#include <string>

#include "artifact/model_files.h"
#include "cli/command.h"
#include "json/writer.h"

namespace carnet::cli {

// `folder`: of one it also says how the digest is made without Carnet.
std::string DigestText(const artifact::ModelFiles& model, bool folder,
                       const DigestOptions& options);

// The members of an object that the caller has begun.
void WriteDigest(const artifact::ModelFiles& model, bool tensors, json::Writer& writer);

}  // namespace carnet::cli
