#include "ledger/rocksdb_error.h"

#include <rocksdb/status.h>

#include <string>

namespace carnet::ledger {
namespace {

ErrorCode CodeOf(const rocksdb::Status& status) {
  if (status.IsNotFound()) return ErrorCode::kNotFound;
  if (status.IsCorruption()) return ErrorCode::kCorruption;
  // A lock that is held comes as an I/O error too; only its words differ.
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos)
    return ErrorCode::kConflict;
  return ErrorCode::kIo;
}

}  // namespace

Error FromStatus(const rocksdb::Status& status, std::string_view where) {
  CHECK(!status.ok());
  return Error{CodeOf(status), status.ToString()}.In(where);
}

}  // namespace carnet::ledger
