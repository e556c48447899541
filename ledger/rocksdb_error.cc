#include "ledger/rocksdb_error.h"

#include <rocksdb/status.h>

#include <string>

namespace carnet::ledger {
namespace {

// A held lock is reported as an I/O error like any other; only its wording differs.
bool IsHeldLock(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  for (const char* words : {"While lock file", "lock hold by current process"})
    if (text.find(words) != std::string::npos) return true;
  return false;
}

// Some readers of RocksDB report what the disk could not give them as damage.
bool IsFailedRead(const rocksdb::Status& status) {
  return status.ToString().find("IO error") != std::string::npos;
}

ErrorCode CodeOf(const rocksdb::Status& status) {
  if (status.IsNotFound()) return ErrorCode::kNotFound;
  if (status.IsCorruption() && IsFailedRead(status)) return ErrorCode::kIo;
  if (status.IsCorruption()) return ErrorCode::kCorruption;
  if (status.IsIOError() && IsHeldLock(status)) return ErrorCode::kConflict;
  return ErrorCode::kIo;
}

}  // namespace

Error FromStatus(const rocksdb::Status& status, std::string_view where) {
  CARNET_CHECK(!status.ok());
  return Error{CodeOf(status), status.ToString()}.In(where);
}

}  // namespace carnet::ledger
