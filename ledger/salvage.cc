#include "ledger/salvage.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include <filesystem>
#include <system_error>

#include "core/file.h"
#include "ledger/guarded_env.h"
#include "ledger/rocksdb_error.h"

namespace carnet::ledger {
namespace {

namespace fs = std::filesystem;

// Tables and logs are only read and moved by the repair; all else it writes to.
bool MayBeLinked(const fs::path& file) {
  return file.extension() == ".sst" || file.extension() == ".log";
}

Result<> CopyDatabase(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directories(to, failed);
  fs::directory_iterator file(from, failed);
  for (; !failed && file != fs::directory_iterator(); file.increment(failed)) {
    if (!file->is_regular_file()) continue;
    const fs::path copy = to / file->path().filename();
    if (MayBeLinked(file->path())) {
      fs::create_hard_link(file->path(), copy, failed);
    } else {
      fs::copy_file(file->path(), copy, failed);
    }
    if (failed) break;
  }
  if (failed) return Io(to.string() + ": copy of the database: " + failed.message());
  return Ok();
}

Result<> Repair(const std::string& path, rocksdb::Env* env) {
  const auto guarded = GuardedEnv(env);
  rocksdb::Options options;
  options.env = guarded.get();
  options.info_log = NoLog();
  options.compression = rocksdb::kNoCompression;
  const auto status = rocksdb::RepairDB(path, options);
  if (!status.ok()) return FromStatus(status, path + ": repair");
  return Ok();
}

}  // namespace

Result<std::unique_ptr<Store>> OpenDamaged(const std::string& folder, const std::string& scratch,
                                           rocksdb::Env* env) {
  if (!PathExists(folder + "/db")) {
    std::error_code failed;
    fs::create_directories(scratch, failed);
    if (failed) return Io(scratch + ": " + failed.message());
    return Store::Open(scratch, Store::Mode::kCreate, env);
  }
  // A table that is not there is an I/O error to RocksDB.
  auto store = Store::Open(folder, Store::Mode::kSalvage, env);
  if (store || store.error().code == ErrorCode::kConflict) return store;
  CARNET_TRY_VOID(CopyDatabase(folder + "/db", scratch + "/db"));
  CARNET_TRY_VOID(Repair(scratch + "/db", env));
  return Store::Open(scratch, Store::Mode::kSalvage, env);
}

}  // namespace carnet::ledger
