// fsck: re-derives everything from the entries: leaf hashes, tiles, tree state, root, index and
// dedup rows, checkpoint and guard; and names every row that does not agree. Reads only. On several
// threads, and in ranges: a large ledger is checked part by part, or from where a check was broken
// off.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"

namespace carnet::ledger {

class Store;

using FsckProgress = std::function<void(uint64_t done, uint64_t total)>;

struct FsckOptions {
  std::string guard;                // as in LedgerOptions
  unsigned threads = 1;             // at least 1
  uint64_t from = 0;                // first entry to check: a multiple of 256
  std::optional<uint64_t> to = {};  // the entry after the last; absent: all
  FsckProgress progress = {};       // with the number of entries; by the calling thread
};

struct FsckReport {
  bool opened = true;  // else nothing was checked, and the only finding says why
  TreeSize size{0};
  uint64_t from = 0;  // the entries that were checked: [from, to)
  uint64_t to = 0;
  uint64_t rows_checked = 0;
  uint64_t withheld = 0;              // entries whose text was never stored
  uint64_t erased = 0;                // entries whose text was erased
  std::vector<std::string> findings;  // at most 100; empty: clean
};

// Of a part: its entries, the tiles above them and their index rows. The tree to the left is taken
// from stored nodes, which the check of that part compares; so parts that cover the ledger are a
// check of the whole, but for two things: rows that no entry calls for are looked for only in one
// run over all, and the state row is compared only by the part that ends with the last entry.
// Errors: io, not_found, rejected (a range that is not one); damage is a finding, not an error.
Result<FsckReport> Fsck(const std::string& folder, const FsckOptions& options = {});

// The same for a database that is open. `guarded` is the guard's checkpoint, or why it could not be
// read: from before the database was opened, as a writer may be at work, which signs after it
// wrote.
Result<FsckReport> FsckStore(const Store& store, const Result<std::string>& guarded,
                             const FsckOptions& options = {});

}  // namespace carnet::ledger
