// The files and the clock that RocksDB is given. Debian's RocksDB is built with its assertions on,
// so that some answers of a file system or a clock would end the process: those are turned into
// errors here. Which, and what is left: docs/design/0004-rocksdb-assertions.md. Private to ledger/.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
class Logger;
}  // namespace rocksdb

namespace carnet::ledger {

// `env` is null for the operating system's own; else it must outlive what is returned.
std::unique_ptr<rocksdb::Env> GuardedEnv(rocksdb::Env* env);

// In the place of RocksDB's own log of what it does: a reader writes nothing at all, and where a
// writer's log cannot be written, as on a full disk, its next line would end the process. What
// failed is in the errors that RocksDB returns.
std::shared_ptr<rocksdb::Logger> NoLog();

}  // namespace carnet::ledger
