// The files and the clock that RocksDB is given. Debian's RocksDB is built with its assertions on,
// so that some answers of a file system or a clock would end the process: those are turned into
// errors here. Which, and what is left: docs/design/0004. Private to ledger/.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
}

namespace carnet::ledger {

// `env` is null for the operating system's own; else it must outlive what is returned.
std::unique_ptr<rocksdb::Env> GuardedEnv(rocksdb::Env* env);

}  // namespace carnet::ledger
