// fsck: re-derives everything from the entries: leaf hashes, tiles, tree state, root, index and
// dedup rows, checkpoint and guard; and names every row that does not agree. Reads only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"

namespace carnet::ledger {

class Store;

struct FsckReport {
  TreeSize size{0};
  uint64_t rows_checked = 0;
  uint64_t withheld = 0;              // entries whose text was never stored
  uint64_t erased = 0;                // entries whose text was erased
  std::vector<std::string> findings;  // at most 100; empty: clean
};

// `guard` is as in LedgerOptions. Errors: io, not_found; damage is a finding, not an error.
Result<FsckReport> Fsck(const std::string& folder, const std::string& guard = "",
                        const std::function<void(uint64_t done, uint64_t total)>& progress = {});

// The same for a database that is open. `guarded` is the guard's checkpoint, or why it could not be
// read: from before the database was opened, as a writer may be at work, which signs after it
// wrote.
Result<FsckReport> FsckStore(const Store& store, const Result<std::string>& guarded,
                             const std::function<void(uint64_t done, uint64_t total)>& progress);

}  // namespace carnet::ledger
