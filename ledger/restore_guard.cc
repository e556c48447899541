#include "ledger/restore_guard.h"

#include <stdio.h>

#include "core/file.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/folder_lock.h"
#include "ledger/guard_place.h"
#include "ledger/keyspace.h"
#include "ledger/log_identity.h"
#include "ledger/recovery.h"
#include "ledger/store.h"

namespace carnet::ledger {
namespace {

struct SignedNote {
  std::string note;
  merkle::VerifiedCheckpoint checkpoint;
};

Result<SignedNote> VerifyNote(const Store& store, const merkle::NoteKey& key, std::string note) {
  auto checkpoint = merkle::VerifiedCheckpoint::Verify(note, key);
  if (!checkpoint) return checkpoint.error().In(store.folder() + ": a checkpoint for the guard");
  return SignedNote{std::move(note), std::move(*checkpoint)};
}

// The latest of the notes. Each must be of the database's own history: one that is not shows a fork
// or a restored backup, whichever is later.
Result<SignedNote> Latest(const Store& store, const merkle::NoteKey& key, const TreeState& state,
                          std::vector<std::string> notes) {
  CARNET_TRY(auto stored, store.Get(SingleKey(RowClass::kCheckpoint)));
  if (stored) notes.push_back(*std::move(stored));
  std::optional<SignedNote> latest;
  for (std::string& note : notes) {
    CARNET_TRY(SignedNote each, VerifyNote(store, key, std::move(note)));
    CARNET_TRY_VOID(RangeAt(store, state, each.checkpoint));
    if (!latest || each.checkpoint.size() > latest->checkpoint.size()) latest = std::move(each);
  }
  if (!latest)
    return NotFound(store.folder() + ": no signed checkpoint in the database; give one to restore");
  return *std::move(latest);
}

// Whether a guard that this key has signed is at `place`.
Result<bool> HasGuard(const std::string& place, const merkle::NoteKey& key) {
  const auto note = FolderGuard::Read(place);
  if (!note && note.error().code == ErrorCode::kIo) return note.error();
  return note && merkle::VerifiedCheckpoint::Verify(*note, key).has_value();
}

// What is there has been found damaged.
Result<> MoveAside(const std::string& place) {
  const std::string file = place + "/checkpoint";
  if (!PathExists(file)) return Ok();
  const std::string aside = FirstFreeName(file + ".damaged");
  if (::rename(file.c_str(), aside.c_str()) != 0) return SystemError(aside, "rename");
  return Ok();
}

}  // namespace

Result<RestoredGuard> RestoreGuard(const std::string& folder, const std::string& guard,
                                   const std::vector<std::string>& given) {
  if (!PathExists(folder + "/db")) return NotFound(folder + "/db: no database");
  CARNET_TRY(const FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(const auto store, Store::Open(folder, Store::Mode::kReadOnly, nullptr));
  CARNET_TRY(const auto key, ReadLogKey(*store));
  CARNET_TRY(const std::string place, GuardFolder(folder, guard));
  CARNET_TRY(const bool is_there, HasGuard(place, key));
  if (is_there) return Conflict(place + ": the guard is there: nothing to restore");
  std::vector<std::string> notes = given;
  CARNET_TRY(const std::string own, GuardFolder(folder, ""));
  if (auto note = FolderGuard::Read(own); note && merkle::VerifiedCheckpoint::Verify(*note, key))
    notes.push_back(*std::move(note));
  CARNET_TRY(const TreeState state, ReadState(*store));
  CARNET_TRY(const SignedNote latest, Latest(*store, key, state, std::move(notes)));
  CARNET_TRY_VOID(MoveAside(place));
  CARNET_TRY_VOID(FolderGuard::Create(place, latest.note));
  return RestoredGuard{latest.checkpoint.size(), state.size, place};
}

}  // namespace carnet::ledger
