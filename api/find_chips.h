// The chip catalogue by file, as the command line and the library both accept it.
#pragma once

#include <string>

#include "core/result.h"
#include "trust/trust.h"
#include "verifier/compute/chips.h"

namespace carnet::api {

// The shipped catalogue, what the trust directory adds, and then what the file at `path` adds, each
// before those before it; an empty path adds nothing. Errors: not_found, io, malformed.
Result<verifier::compute::Catalogue> FindChips(const std::string& path, const trust::Trust& trust);

}  // namespace carnet::api
