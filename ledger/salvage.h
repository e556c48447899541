// Opening a damaged database for what can still be read of it.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "ledger/store.h"

namespace carnet::ledger {

// Read-only, past damage in RocksDB's log. Where the list of tables or a table is missing or
// damaged so that RocksDB opens nothing, the list is made again from the tables, in a copy at
// `scratch` (hard links, which the caller removes): a table with damage is then lost whole. Without
// any database an empty one is made there. `folder` is not changed. Errors: as Store::Open.
Result<std::unique_ptr<Store>> OpenDamaged(const std::string& folder, const std::string& scratch,
                                           rocksdb::Env* env);

}  // namespace carnet::ledger
