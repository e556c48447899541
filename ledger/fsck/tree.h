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
  TreeState state;
  std::map<TreeSize, RootHash> roots;  // at the sizes that were asked for
};

// Reads the entries of [0, stored.size) once, giving each that can be read to `visit`. Where an
// entry and its tile disagree, the one that disagrees with itself or with the nodes above is
// named, and the check continues with the other, so one flipped bit is one finding. Errors: io.
Result<DerivedTree> CheckTree(
    Inspection& inspection, const TreeState& stored, const std::vector<TreeSize>& sizes,
    const std::function<Result<>(LeafIndex index, const OpenedEntry& entry)>& visit);

}  // namespace carnet::ledger
