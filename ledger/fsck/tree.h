// fsck of the tree: leaf hashes, every tile and every root derived again from the entries.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/entry.h"
#include "ledger/fsck/rows.h"

namespace carnet::ledger {

struct DerivedTree {
  TreeState state;                     // at the end of the range
  std::map<TreeSize, RootHash> roots;  // at the sizes that were asked for
};

struct TreeRange {
  uint64_t from;  // a multiple of kTileHashes
  uint64_t to;
  unsigned threads;
};

using EntryVisitor =
    std::function<Result<>(Inspection& part, LeafIndex index, const OpenedEntry& entry)>;

// Reads the entries of a range once, giving each that can be read to `visit`, which several threads
// call, each with an inspection of its own; what these find is merged in order. Where an entry and
// its tile disagree, the one that disagrees with itself or with the nodes above is named, and the
// check continues with the other, so one flipped bit is one finding. Errors: io; corruption, where
// the tree before the range cannot be read.
Result<DerivedTree> CheckTree(Inspection& inspection, const TreeState& stored,
                              const std::vector<TreeSize>& sizes, const TreeRange& range,
                              const EntryVisitor& visit, const FsckProgress& progress);

}  // namespace carnet::ledger
