// Opening a ledger for reading beside a writer that may be busy.
#include <fmt/core.h>

#include "ledger/checkpoint_guard.h"
#include "ledger/guard_place.h"
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

Result<std::optional<SignedHead>> GuardedHead(const std::string& guard,
                                              const std::optional<std::string>& note,
                                              const merkle::NoteKey& key) {
  if (!note) return std::optional<SignedHead>();
  auto head = VerifyHead(*note, key);
  if (!head) return Corruption(guard + "/checkpoint: " + head.error().message);
  return std::optional<SignedHead>(std::move(*head));
}

// The larger of the two. Errors: rejected, where the database has less than either covers.
Result<SignedHead> ChooseHead(const Store& store, std::optional<SignedHead> guarded,
                              std::optional<SignedHead> stored, TreeSize size) {
  for (const auto* head : {&guarded, &stored}) {
    if (*head && (*head)->checkpoint.size() > size)
      return OlderThanSigned(store, size, (*head)->checkpoint.size());
  }
  if (!guarded && !stored)
    return NotFound(store.folder() + ": no signed checkpoint for this database");
  const bool newer_stored =
      stored && (!guarded || stored->checkpoint.size() > guarded->checkpoint.size());
  return *std::move(newer_stored ? stored : guarded);
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

// A guard that is kept elsewhere need not be there for whoever only reads.
Result<std::optional<std::string>> GuardNote(const std::string& folder, const std::string& guard) {
  auto note = FolderGuard::Read(guard);
  if (note) return std::optional<std::string>(std::move(*note));
  const bool elsewhere = guard != folder + "/guard";
  if (elsewhere || note.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  return note.error();
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::Open(const std::string& folder) {
  // The guard first: it is never ahead of the database, so a database that is opened after it
  // covers it, or is a restored backup.
  CARNET_TRY(const std::string guard, GuardFolder(folder, ""));
  CARNET_TRY(const auto note, GuardNote(folder, guard));
  CARNET_TRY(auto store, Store::Open(folder, Store::Mode::kReadOnly, nullptr));
  CARNET_TRY(auto key, ReadLogKey(*store));
  CARNET_TRY(const TreeState state, ReadState(*store));
  CARNET_TRY(auto guarded, GuardedHead(guard, note, key));
  CARNET_TRY(auto stored, StoredHead(*store, key));
  CARNET_TRY(auto head, ChooseHead(*store, std::move(guarded), std::move(stored), state.size));
  CARNET_TRY_VOID(CheckNoCommitIsLost(*store, state.size));
  CARNET_TRY_VOID(CheckHead(*store, head));
  return std::unique_ptr<Reader>(
      new Reader(std::make_unique<State>(std::move(store), std::move(key), std::move(head))));
}

Result<bool> Reader::Follow() {
  CARNET_CHECK(state_->owned != nullptr);
  const std::string& folder = state_->store.folder();
  CARNET_TRY(const std::string guard, GuardFolder(folder, ""));
  CARNET_TRY(const auto note, GuardNote(folder, guard));
  if (note && *note == checkpoint()) return false;
  CARNET_TRY(auto next, Open(folder));
  if (next->key().id() != key().id()) return Rejected(folder + ": is another log now");
  // Never back, and never to another history.
  if (next->size() < size()) return OlderThanSigned(next->state_->store, next->size(), size());
  CARNET_TRY(const RootHash root, next->RootAt(size()));
  if (root != head().root())
    return Rejected(fmt::format("{}: the root at size {} is not the one that was read before",
                                folder, size().value()));
  const bool grown = next->size() > size();
  state_ = std::move(next->state_);
  return grown;
}

}  // namespace carnet::ledger
