#include "ledger/restore_guard.h"

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

Result<SignedNote> Latest(const Store& store, std::vector<std::string> notes) {
  CARNET_TRY(const auto key, ReadLogKey(store));
  CARNET_TRY(auto stored, store.Get(SingleKey(RowClass::kCheckpoint)));
  if (stored) notes.push_back(*std::move(stored));
  std::optional<SignedNote> latest;
  for (std::string& note : notes) {
    auto checkpoint = merkle::VerifiedCheckpoint::Verify(note, key);
    if (!checkpoint) return checkpoint.error().In(store.folder() + ": a checkpoint for the guard");
    if (!latest || checkpoint->size() > latest->checkpoint.size())
      latest = SignedNote{std::move(note), std::move(*checkpoint)};
  }
  if (!latest)
    return NotFound(store.folder() + ": no signed checkpoint in the database; give one to restore");
  return *std::move(latest);
}

}  // namespace

Result<RestoredGuard> RestoreGuard(const std::string& folder, const std::string& guard,
                                   const std::vector<std::string>& notes) {
  CARNET_TRY(const FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(const std::string place, GuardFolder(folder, guard));
  if (FolderGuard::Read(place)) return Conflict(place + ": the guard is there: nothing to restore");
  CARNET_TRY(const auto store, Store::Open(folder, Store::Mode::kReadOnly, nullptr));
  CARNET_TRY(const SignedNote latest, Latest(*store, notes));
  CARNET_TRY(const TreeState state, ReadState(*store));
  CARNET_TRY_VOID(RangeAt(*store, state, latest.checkpoint));
  CARNET_TRY_VOID(FolderGuard::Create(place, latest.note));
  return RestoredGuard{latest.checkpoint.size(), state.size, place};
}

}  // namespace carnet::ledger
