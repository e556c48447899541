#include "ledger/compact.h"

#include "ledger/folder_lock.h"
#include "ledger/recovery.h"
#include "ledger/store.h"

namespace carnet::ledger {

Result<> Compact(const std::string& folder) {
  // Else a folder that is not a ledger would get a lock.
  if (!PathExists(folder + "/db")) return NotFound(folder + "/db: no database");
  CARNET_TRY(const FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(const auto store, OpenForWriting(folder, nullptr));
  return store->Compact();
}

}  // namespace carnet::ledger
