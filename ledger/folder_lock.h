// One writer a folder: an advisory lock on `<folder>/lock`, held as long as the descriptor lives.
// It goes with the process, so that a crash leaves nothing to clean up.
#pragma once

#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace carnet::ledger {

// Errors: conflict (held by another process or object, which `busy` says), not_found (no such
// folder), io.
Result<FileDescriptor> LockFolder(const std::string& folder,
                                  std::string_view busy = "another writer has it open");

}  // namespace carnet::ledger
