#include "ledger/recovery.h"

#include <fmt/core.h>

#include <optional>

#include "ledger/entry.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
#include "merkle/build_proof.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"

namespace carnet::ledger {
namespace {

using LeafVisitor = std::function<Result<>(LeafIndex index, const LeafHash& leaf)>;

// Leaf hashes of the entries [from, to), from their rows alone.
Result<> ForEachLeaf(const Store& store, uint64_t from, uint64_t to, const LeafVisitor& visit) {
  uint64_t next = from;
  std::optional<Error> failed;
  CARNET_TRY_VOID(store.Scan(EntryKey(LeafIndex(from)), EntryKey(LeafIndex(to)),
                             [&](std::string_view key, std::string_view value) {
                               if (key != EntryKey(LeafIndex(next))) return false;
                               const auto entry = OpenEntry(AsBytes(value));
                               if (!entry) {
                                 failed = store.InRow(key, entry.error());
                                 return false;
                               }
                               if (auto seen = visit(LeafIndex(next), entry->leaf); !seen) {
                                 failed = seen.error();
                                 return false;
                               }
                               ++next;
                               return true;
                             }));
  if (failed) return *failed;
  if (next != to) return store.InRow(EntryKey(LeafIndex(next)), Corruption("the row is missing"));
  return Ok();
}

Result<> CheckStoredNode(const Store& store, NodeReader& nodes, const merkle::NodeId& node,
                         const NodeHash& expected) {
  CARNET_TRY(const NodeHash stored, nodes.Node(node));
  if (stored == expected) return Ok();
  const NodePosition position = PositionOf(node);
  return store.InRow(TileKey(position.tile),
                     Corruption(fmt::format("node {}.{} differs from what is below it",
                                            position.height, position.offset)));
}

Result<> CheckStoredConsistency(const Store& store, NodeReader& nodes,
                                const merkle::CompactRange& from, const TreeState& state) {
  if (from.size() == TreeSize(0)) return Ok();
  CARNET_TRY(const auto list, merkle::ConsistencyNodes(from.size(), state.size));
  CARNET_TRY(const auto hashes, nodes.Nodes(list.nodes));
  const merkle::ConsistencyProof proof{merkle::FoldProof(list, hashes)};
  const auto checked =
      merkle::CheckConsistency(from.size(), from.Root(), state.size, state.root, proof);
  if (!checked)
    return Corruption(fmt::format(
        "{}: stored nodes do not prove consistency of size {} with size {}: {}", store.folder(),
        state.size.value(), from.size().value(), checked.error().message));
  return Ok();
}

Result<> CheckTileRow(const Store& store, NodeReader& nodes, const LastTile& last) {
  const std::string key = TileKey(last.position);
  CARNET_TRY(const std::string value, store.Need(key));
  const auto tile = Tile::Decode(AsBytes(value));
  if (!tile) return store.InRow(key, tile.error());
  if (tile->width() != last.width)
    return store.InRow(key, Corruption("its width differs from the tree's"));
  if (const auto bad = tile->FindBadNode(last.position))
    return store.InRow(key, Corruption(fmt::format("node {}.{} differs from the hashes below it",
                                                   bad->height, bad->offset)));
  if (last.width < kTileHashes) return Ok();
  const uint32_t top = kTileHeight - 1;
  return CheckStoredNode(store, nodes,
                         {(last.position.level + 1) * kTileHeight, last.position.index},
                         merkle::HashChildren(*tile->Node(top, 0), *tile->Node(top, 1)));
}

// The rows that the growth has completed were written again whole, with their older hashes.
Result<> CheckClosedTiles(const Store& store, NodeReader& nodes, TreeSize from, TreeSize to) {
  const auto last = LastTiles(to);
  for (const LastTile& before : LastTiles(from)) {
    if (before.position == last.at(before.position.level).position) continue;
    CARNET_TRY_VOID(CheckTileRow(store, nodes, {before.position, kTileHashes}));
  }
  return Ok();
}

// The rows that the next commit builds on and rewrites: each agrees with itself, and all together
// with the state, so that nothing in them can have changed without detection.
Result<> CheckRightEdge(const Store& store, NodeReader& nodes, const TreeState& state) {
  for (const LastTile& last : LastTiles(state.size))
    CARNET_TRY_VOID(CheckTileRow(store, nodes, last));
  const auto edge = merkle::RangeNodes(state.size);
  for (size_t i = 0; i < edge.size(); ++i)
    CARNET_TRY_VOID(CheckStoredNode(store, nodes, edge[i], state.edge[i]));
  return Ok();
}

}  // namespace

Result<TreeState> ReadState(const Store& store) {
  const std::string key = SingleKey(RowClass::kState);
  CARNET_TRY(const std::string value, store.Need(key));
  auto state = DecodeState(AsBytes(value));
  if (!state) return store.InRow(key, state.error());
  return state;
}

Result<TreeState> VerifyGrowth(const Store& store, const merkle::CompactRange& from) {
  CARNET_TRY(TreeState state, ReadState(store));
  merkle::CompactRange range = from;
  NodeReader nodes(store);
  std::optional<Error> failed;
  const merkle::NodeSink check = [&](const merkle::NodeId& node, const NodeHash& hash) {
    if (failed) return;
    if (auto checked = CheckStoredNode(store, nodes, node, hash); !checked)
      failed = checked.error();
  };
  CARNET_TRY_VOID(ForEachLeaf(store, from.size().value(), state.size.value(),
                              [&](LeafIndex, const LeafHash& leaf) -> Result<> {
                                range.Append(leaf, check);
                                if (failed) return *failed;
                                return Ok();
                              }));
  if (TreeState{range.size(), range.Root(), range.hashes()} != state)
    return store.InRow(SingleKey(RowClass::kState), Corruption("differs from the entries"));
  CARNET_TRY_VOID(CheckClosedTiles(store, nodes, from.size(), state.size));
  CARNET_TRY_VOID(CheckRightEdge(store, nodes, state));
  CARNET_TRY_VOID(CheckStoredConsistency(store, nodes, from, state));
  return state;
}

Error OlderThanSigned(const Store& store, TreeSize size, TreeSize signed_size) {
  return Rejected(
      fmt::format("{}: the database (size {}) is older than the last signed checkpoint (size {}): "
                  "a restored backup would fork the log",
                  store.folder(), size.value(), signed_size.value()));
}

Result<merkle::CompactRange> RangeAt(const Store& store, const TreeState& state,
                                     const merkle::VerifiedCheckpoint& signed_head) {
  const uint64_t signed_size = signed_head.size().value();
  if (state.size < signed_head.size())
    return OlderThanSigned(store, state.size, signed_head.size());
  NodeReader nodes(store);
  CARNET_TRY(auto hashes, nodes.Nodes(merkle::RangeNodes(signed_head.size())));
  CARNET_TRY(auto range, merkle::CompactRange::FromHashes(signed_head.size(), std::move(hashes)));
  if (range.Root() != signed_head.root())
    return Rejected(
        fmt::format("{}: the database's root at size {} differs from the last signed checkpoint's: "
                    "it is damaged, or is not the log that was signed",
                    store.folder(), signed_size));
  return range;
}

// Entries go into tables in order, so whatever precedes the ones that only logs have is in tables,
// up to the first commit that is in neither. What is lost therefore ends right before an entry that
// a log has, or with the last one. Rewritten rows of old entries may be in a log as well.
Result<> CheckNoCommitIsLost(const Store& store, TreeSize size) {
  if (size == TreeSize(0)) return Ok();
  const uint64_t end = size.value();
  std::vector<uint64_t> before;  // what must be there although no log has it
  uint64_t next = 0;
  CARNET_TRY_VOID(
      store.ScanLogged(EntryKey(LeafIndex(0)), EntryKey(LeafIndex(end)), [&](std::string_view key) {
        if (key.size() != KeySize(RowClass::kEntry)) return true;  // fsck names such a row
        const auto index = DecodeIndex(AsBytes(key.substr(1)));
        if (!index) return true;
        if (index->value() > next) before.push_back(index->value() - 1);
        next = index->value() + 1;
        return true;
      }));
  if (next < end) before.push_back(end - 1);
  for (const uint64_t index : before) {
    const std::string key = EntryKey(LeafIndex(index));
    CARNET_TRY(const auto row, store.Get(key));
    if (!row)
      return store.InRow(key, Corruption("the row is missing: a part of the database is lost, and "
                                         "nothing can be said of what was in it"));
  }
  return Ok();
}

Result<std::unique_ptr<Store>> OpenForWriting(const std::string& folder, rocksdb::Env* env) {
  CARNET_TRY(auto store, Store::Open(folder, Store::Mode::kWrite, env));
  const auto whole = [&]() -> Result<> {
    CARNET_TRY(const TreeState state, ReadState(*store));
    return CheckNoCommitIsLost(*store, state.size);
  }();
  if (whole) return store;
  store->LeaveAsFound();
  return whole.error();
}

Result<> VerifyLastTile(const Store& store, TreeSize size) {
  if (size == TreeSize(0)) return Ok();
  NodeReader nodes(store);
  const uint64_t begin = (size.value() - 1) / kTileHashes * kTileHashes;
  return ForEachLeaf(
      store, begin, size.value(), [&](LeafIndex index, const LeafHash& leaf) -> Result<> {
        CARNET_TRY(const NodeHash stored, nodes.Node({0, index.value()}));
        if (stored == Retag<NodeHash>(leaf)) return Ok();
        return store.InRow(EntryKey(index), Corruption("differs from its leaf hash in the tree"));
      });
}

}  // namespace carnet::ledger
