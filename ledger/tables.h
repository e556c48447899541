// How RocksDB's tables are kept few. A command that appends one statement is a writer of its own,
// so that nothing may be left to threads that work on after it, and nothing may cost what the whole
// ledger costs. Private to ledger/. Nothing here changes what the rows say, so that a failure is
// one of tidying up only.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace rocksdb {
class DB;
}

namespace carnet::ledger {

// Of the tables that short-lived writers leave: merges the newest into one where they are many, as
// far as none is larger than all newer ones together. So a row is written again only into a table
// of twice the size, and a command never waits for more than 64 MiB. What fails is left as it is.
void MergeNewTables(rocksdb::DB& db);

// Writes what only RocksDB's log holds into a table where it is long, or many writers have begun a
// log of their own: whoever opens the ledger reads them all. What fails is left as it is.
void FlushLogs(rocksdb::DB& db);

// Merges all tables. Takes the disk space of a second ledger meanwhile. Errors: io,
// corruption.
Result<> MergeAllTables(rocksdb::DB& db, const std::string& folder);

// Writes RocksDB's log into a table, and every table that may contain one of `keys` anew, without
// the values that were replaced. Errors: io, corruption.
Result<> ForgetOldValues(rocksdb::DB& db, const std::string& folder,
                         const std::vector<std::string>& keys);

}  // namespace carnet::ledger
