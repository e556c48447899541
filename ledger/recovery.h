// The writer trusts only what it has read back: the check after every commit, and the same check
// over unsigned rows when a ledger is opened.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/keyspace.h"
#include "merkle/checkpoint.h"
#include "merkle/compact_range.h"

namespace rocksdb {
class Env;
}

namespace carnet::ledger {

class Store;

// The stored state. Errors: corruption, io.
Result<TreeState> ReadState(const Store& store);

// Re-reads everything that the log commits to above `from`, whose root is known to be good, and
// recomputes it: 1 leaf hashes from the entries; 2 every node above them against the tile rows;
// 3 size, root and right edge against the state row; 4 in full: the tile rows that the growth has
// completed, and the last one of every level;
// 5 consistency with `from` by a proof of stored nodes. Returns the state. Errors: corruption (the
// row is named), io.
Result<TreeState> VerifyGrowth(const Store& store, const merkle::CompactRange& from);

// Says so: "older than the last signed checkpoint".
Error OlderThanSigned(const Store& store, TreeSize size, TreeSize signed_size);

// The tree of `signed_head`'s size from stored nodes, if it has the signed root. Errors: rejected
// (the database is smaller, or has another root there: it is not the one that was signed), io,
// corruption.
Result<merkle::CompactRange> RangeAt(const Store& store, const TreeState& state,
                                     const merkle::VerifiedCheckpoint& signed_head);

// That no commit below `size` is lost as a whole, as one is whose file of RocksDB's log is gone, or
// ends early: the rows of the others say nothing of it, and look-ups would find nothing where there
// was something. Tables are listed by RocksDB, logs are not. Costs what replaying those logs cost,
// whatever the ledger's size. Not checked: what the rows say. Errors: corruption (an entry that is
// missing is named), io.
Result<> CheckNoCommitIsLost(const Store& store, TreeSize size);

// A store for a writer. Where a commit is lost it is left as it was found: once what is left is in
// tables, only fsck would see that something was lost. Errors: as Store::Open; corruption.
Result<std::unique_ptr<Store>> OpenForWriting(const std::string& folder, rocksdb::Env* env);

// Checks the entries of the last level-0 tile, leaf by leaf, against its row. Requires that the
// row has been verified. Errors: corruption, io.
Result<> VerifyLastTile(const Store& store, TreeSize size);

}  // namespace carnet::ledger
