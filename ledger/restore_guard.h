// A guard that is lost: a new one from a checkpoint that the log has signed.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"

namespace carnet::ledger {

struct RestoredGuard {
  TreeSize size{0};           // of the checkpoint that the guard has now
  TreeSize database_size{0};  // what lies beyond is signed when a writer opens the ledger
  std::string folder;
};

// Makes the guard again from the latest of the database's own copy of the signed checkpoint and
// `notes` (from witnesses, mirrors, receipts). What is given up: nobody here can tell any more
// whether the log has signed a later checkpoint. If it has, and the database is a restored backup,
// the next signature forks the log. A guard that the log's key did not sign is damaged: it is moved
// aside. The ledger's own guard, where another is asked for, counts as one of the notes. Errors:
// conflict (there is a guard; a writer), rejected (a note that the log's key did not sign; the
// database is older than one of the notes, or has another root there), not_found (no checkpoint at
// all), corruption, io.
Result<RestoredGuard> RestoreGuard(const std::string& folder, const std::string& guard,
                                   const std::vector<std::string>& notes);

}  // namespace carnet::ledger
