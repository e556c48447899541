// An output file that an earlier call of the same command wrote.
#pragma once

#include <string>

#include "core/digests.h"

namespace carnet::cli {

// Whether the file at `path` begins with the bundle of this statement: a bundle of its own, or a
// passport. False where that cannot be read.
bool HoldsStatement(const std::string& path, const StatementId& id);

}  // namespace carnet::cli
