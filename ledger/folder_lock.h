// One writer per folder: an advisory lock on `<folder>/lock`, held as long as the descriptor lives.
// It ends with the process, so that a crash leaves nothing to clean up.
#pragma once

#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace carnet::ledger {

inline constexpr std::string_view kLedgerInUse = "another writer has it open";

// Errors: conflict (another process or object has it: `busy` says so), not_found (no such
// folder), io.
Result<FileDescriptor> LockFolder(const std::string& folder, std::string_view busy = kLedgerInUse);

}  // namespace carnet::ledger
