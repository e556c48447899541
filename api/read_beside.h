// What is in a model's folder beside the files that a passport covers, for the gate.
#pragma once

#include <string>

#include "core/result.h"
#include "verifier/gate.h"

namespace carnet::api {

// A single file has nothing beside it. Errors: io.
Result<verifier::Beside> ReadBeside(const std::string& model);

}  // namespace carnet::api
