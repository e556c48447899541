#include "ledger/guarded_env.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <algorithm>
#include <utility>

namespace carnet::ledger {
namespace {

class GuardedFiles : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "GuardedFiles"; }

  // RocksDB's own asserts that access() fails in one of seven ways only: a damaged directory
  // (EUCLEAN) and a network that is gone (ESTALE, ENOTCONN) are among the others.
  rocksdb::IOStatus FileExists(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    uint64_t size = 0;
    rocksdb::IOStatus status = GetFileSize(name, options, &size, debug);
    if (status.IsPathNotFound()) return rocksdb::IOStatus::NotFound();
    return status;
  }
};

class GuardedClock : public rocksdb::SystemClockWrapper {
 public:
  using SystemClockWrapper::SystemClockWrapper;
  const char* Name() const override { return "GuardedClock"; }

  // RocksDB asserts that it is not before 1970.
  rocksdb::Status GetCurrentTime(int64_t* seconds) override {
    rocksdb::Status status = SystemClockWrapper::GetCurrentTime(seconds);
    if (status.ok()) *seconds = std::max<int64_t>(*seconds, 0);
    return status;
  }
};

// RocksDB asks the environment, its files and its clock in turn: all three answer alike.
class GuardedEnvironment : public rocksdb::EnvWrapper {
 public:
  GuardedEnvironment(std::shared_ptr<rocksdb::FileSystem> files,
                     std::shared_ptr<rocksdb::SystemClock> clock)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = std::move(files);
    system_clock_ = std::move(clock);
  }
};

class SilentLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

std::unique_ptr<rocksdb::Env> GuardedEnv(rocksdb::Env* env) {
  if (env == nullptr) env = rocksdb::Env::Default();
  return std::make_unique<GuardedEnvironment>(
      std::make_shared<GuardedFiles>(env->GetFileSystem()),
      std::make_shared<GuardedClock>(env->GetSystemClock()));
}

std::shared_ptr<rocksdb::Logger> NoLog() { return std::make_shared<SilentLogger>(); }

}  // namespace carnet::ledger
