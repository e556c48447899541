// The writer trusts only what it has read back: the check after every commit, and the same check
// over unsigned rows when a ledger is opened.
#pragma once

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/keyspace.h"
#include "merkle/checkpoint.h"
#include "merkle/compact_range.h"

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

// Checks the entries of the last level-0 tile, leaf by leaf, against its row. Requires that the
// row has been verified. Errors: corruption, io.
Result<> VerifyLastTile(const Store& store, TreeSize size);

}  // namespace carnet::ledger
