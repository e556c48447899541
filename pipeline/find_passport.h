// Where a model's passport is when nobody says so: a file `*.passport.sigstore.jsonl` at the top
// of the model's folder, or `<model>.passport.sigstore.jsonl` beside it. Thread safe.
#pragma once

#include <string>

#include "core/result.h"

namespace carnet::pipeline {

// The one that exists; what it says is for the gate. Errors: not_found (none), conflict (several: a
// choice among them would be the model's, not the caller's), io.
Result<std::string> FindPassport(const std::string& model);

}  // namespace carnet::pipeline
