// Opening a ledger for reading beside a writer that may be busy.
#include <fmt/core.h>

#include "ledger/checkpoint_guard.h"
#include "ledger/keyspace.h"
#include "ledger/log_identity.h"
#include "ledger/reader_state.h"
#include "ledger/recovery.h"

namespace carnet::ledger {
namespace {

Result<SignedHead> VerifyHead(std::string note, const merkle::NoteKey& key) {
  CARNET_TRY(auto checkpoint, merkle::VerifiedCheckpoint::Verify(note, key));
  return SignedHead{std::move(note), std::move(checkpoint)};
}

// The database's own copy of the last signed checkpoint: it may lag by a commit, and is all there
// is where the guard is kept elsewhere.
Result<std::optional<SignedHead>> StoredHead(const Store& store, const merkle::NoteKey& key) {
  const std::string row = SingleKey(RowClass::kCheckpoint);
  CARNET_TRY(auto note, store.Get(row));
  if (!note) return std::optional<SignedHead>();
  auto head = VerifyHead(std::move(*note), key);
  if (!head) return store.InRow(row, Corruption(head.error().message));
  return std::optional<SignedHead>(std::move(*head));
}

Result<std::optional<SignedHead>> GuardedHead(const std::string& folder,
                                              const std::optional<std::string>& note,
                                              const merkle::NoteKey& key) {
  if (!note) return std::optional<SignedHead>();
  auto head = VerifyHead(*note, key);
  if (!head) return Corruption(folder + "/guard/checkpoint: " + head.error().message);
  return std::optional<SignedHead>(std::move(*head));
}

// The larger of the two, of those that are not ahead of the database.
std::optional<SignedHead> ChooseHead(std::optional<SignedHead> guarded,
                                     std::optional<SignedHead> stored, TreeSize limit) {
  if (guarded && guarded->checkpoint.size() > limit) guarded.reset();
  if (stored && stored->checkpoint.size() > limit) stored.reset();
  if (!guarded) return stored;
  if (!stored || stored->checkpoint.size() <= guarded->checkpoint.size()) return guarded;
  return stored;
}

Result<> CheckHead(const Store& store, const SignedHead& head) {
  NodeReader nodes(store);
  CARNET_TRY(auto hashes, nodes.Nodes(merkle::RangeNodes(head.checkpoint.size())));
  CARNET_TRY(const auto range,
             merkle::CompactRange::FromHashes(head.checkpoint.size(), std::move(hashes)));
  if (range.Root() == head.checkpoint.root()) return Ok();
  return Corruption(
      fmt::format("{}: the root of the tiles differs from that of the checkpoint of size {}",
                  store.folder(), head.checkpoint.size().value()));
}

Result<std::optional<std::string>> GuardNote(const std::string& folder) {
  auto note = CheckpointGuard::Read(folder + "/guard");
  if (!note && note.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  if (!note) return note.error();
  return std::optional<std::string>(std::move(*note));
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::Open(const std::string& folder) {
  // The guard first: it is never ahead of the database, so a database that is opened after it
  // covers it.
  CARNET_TRY(const auto note, GuardNote(folder));
  CARNET_TRY(auto store, Store::Open(folder, Store::Mode::kReadOnly, nullptr));
  CARNET_TRY(auto key, ReadLogKey(*store));
  CARNET_TRY(const TreeState state, ReadState(*store));
  CARNET_TRY(auto guarded, GuardedHead(folder, note, key));
  CARNET_TRY(auto stored, StoredHead(*store, key));
  auto head = ChooseHead(std::move(guarded), std::move(stored), state.size);
  if (!head) return NotFound(folder + ": no signed checkpoint for this database");
  CARNET_TRY_VOID(CheckHead(*store, *head));
  return std::unique_ptr<Reader>(
      new Reader(std::make_unique<State>(std::move(store), std::move(key), *std::move(head))));
}

}  // namespace carnet::ledger
