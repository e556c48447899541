#include "ledger/fsck/fsck.h"

#include <fmt/core.h>

#include "ledger/checkpoint_guard.h"
#include "ledger/fsck/index.h"
#include "ledger/fsck/rows.h"
#include "ledger/fsck/surplus.h"
#include "ledger/fsck/tree.h"
#include "ledger/guard_place.h"
#include "ledger/log_identity.h"
#include "ledger/store.h"
#include "merkle/checkpoint.h"

namespace carnet::ledger {
namespace {

constexpr std::string_view kGuard = "guard";

struct NamedCheckpoint {
  std::string where;
  merkle::VerifiedCheckpoint checkpoint;
};

std::optional<NamedCheckpoint> VerifyNote(Inspection& inspection, std::string_view where,
                                          std::string_view note, const merkle::NoteKey& key) {
  auto checkpoint = merkle::VerifiedCheckpoint::Verify(note, key);
  if (checkpoint) return NamedCheckpoint{std::string(where), std::move(*checkpoint)};
  inspection.Find(std::string(where) + ": " + checkpoint.error().message);
  return std::nullopt;
}

// The guard's checkpoint and the database's copy of it, where they are validly signed.
Result<std::vector<NamedCheckpoint>> ReadCheckpoints(Inspection& inspection,
                                                     const Result<std::string>& guarded,
                                                     const merkle::NoteKey& key) {
  std::vector<NamedCheckpoint> checkpoints;
  if (!guarded && guarded.error().code == ErrorCode::kIo) return guarded.error();
  if (!guarded) {
    const bool absent = guarded.error().code == ErrorCode::kNotFound;
    inspection.Find(
        fmt::format("{}: {}{}", kGuard, guarded.error().message,
                    absent ? " (if it is kept elsewhere, give its folder: --guard)" : ""));
  } else if (auto named = VerifyNote(inspection, kGuard, *guarded, key)) {
    checkpoints.push_back(std::move(*named));
  }
  const std::string row = SingleKey(RowClass::kCheckpoint);
  const auto stored = inspection.store().Get(row);
  if (!stored && stored.error().code != ErrorCode::kCorruption) return stored.error();
  if (!stored) inspection.Find(stored.error().message);
  if (!stored || !*stored) return checkpoints;
  inspection.Count(row);
  if (auto named = VerifyNote(inspection, DescribeRow(row), **stored, key))
    checkpoints.push_back(std::move(*named));
  return checkpoints;
}

Result<std::optional<TreeState>> ReadStateRow(Inspection& inspection) {
  const std::string key = SingleKey(RowClass::kState);
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return std::optional<TreeState>();
  inspection.Count(key);
  auto state = DecodeState(AsBytes(*value));
  if (state) return std::optional<TreeState>(std::move(*state));
  inspection.FindInRow(key, state.error().message);
  return std::optional<TreeState>();
}

// The size to check where the state row does not state one: what the last checkpoint covers.
TreeState StateFromCheckpoints(const std::vector<NamedCheckpoint>& checkpoints) {
  TreeState state{TreeSize(0), RootHash(std::array<uint8_t, RootHash::kSize>{}), {}};
  for (const NamedCheckpoint& named : checkpoints)
    if (named.checkpoint.size() > state.size)
      state = {named.checkpoint.size(), named.checkpoint.root(), {}};
  return state;
}

void CompareCheckpoints(Inspection& inspection, const std::vector<NamedCheckpoint>& checkpoints,
                        const DerivedTree& derived) {
  for (const NamedCheckpoint& named : checkpoints) {
    const uint64_t size = named.checkpoint.size().value();
    const auto root = derived.roots.find(named.checkpoint.size());
    if (root == derived.roots.end()) {
      inspection.Find(
          fmt::format("{}: the database (size {}) is older than the signed checkpoint (size {})",
                      named.where, derived.state.size.value(), size));
    } else if (root->second != named.checkpoint.root()) {
      inspection.Find(fmt::format("{}: the signed root of size {} differs from the entries",
                                  named.where, size));
    }
  }
}

void CompareState(Inspection& inspection, const TreeState& stored, const DerivedTree& derived) {
  const std::string key = SingleKey(RowClass::kState);
  if (stored.root != derived.state.root) inspection.FindInRow(key, "root differs from the entries");
  if (stored.edge != derived.state.edge)
    inspection.FindInRow(key, "right edge differs from the entries");
}

// Absent, with a finding, where the meta row is damaged.
Result<std::optional<merkle::NoteKey>> ReadKey(Inspection& inspection) {
  auto key = ReadLogKey(inspection.store());
  if (key) {
    inspection.Count(SingleKey(RowClass::kMeta));
    return std::optional<merkle::NoteKey>(std::move(*key));
  }
  if (key.error().code == ErrorCode::kIo) return key.error();
  inspection.Find(key.error().message);
  return std::optional<merkle::NoteKey>();
}

void CountAbsence(Inspection& inspection, const OpenedEntry& entry) {
  const auto* absence = std::get_if<schemas::Absence>(&entry.stored.content);
  if (absence == nullptr) return;
  FsckReport& report = inspection.report();
  ++(absence->cause == schemas::AbsenceCause::kErased ? report.erased : report.withheld);
}

using Progress = std::function<void(uint64_t done, uint64_t total)>;

Result<> CheckEntries(Inspection& inspection, const TreeState& state, bool state_is_stored,
                      const std::vector<NamedCheckpoint>& checkpoints, const Progress& progress) {
  std::vector<TreeSize> sizes;
  sizes.reserve(checkpoints.size());
  for (const NamedCheckpoint& named : checkpoints) sizes.push_back(named.checkpoint.size());
  const uint64_t total = state.size.value();
  CARNET_TRY(const DerivedTree derived,
             CheckTree(inspection, state, sizes,
                       [&](LeafIndex index, const OpenedEntry& entry) -> Result<> {
                         CountAbsence(inspection, entry);
                         CARNET_TRY_VOID(CheckIndexRows(inspection, index, entry));
                         if (progress) progress(index.value() + 1, total);
                         return Ok();
                       }));
  if (state_is_stored) CompareState(inspection, state, derived);
  CompareCheckpoints(inspection, checkpoints, derived);
  return FindSurplusRows(inspection, state.size);
}

}  // namespace

Result<FsckReport> FsckStore(const Store& store, const Result<std::string>& guarded,
                             const Progress& progress) {
  Inspection inspection(store);
  CARNET_TRY(const auto key, ReadKey(inspection));
  std::vector<NamedCheckpoint> checkpoints;
  if (key) {
    CARNET_TRY(checkpoints, ReadCheckpoints(inspection, guarded, *key));
  }
  CARNET_TRY(const auto stored, ReadStateRow(inspection));
  const TreeState state = stored ? *stored : StateFromCheckpoints(checkpoints);
  inspection.report().size = state.size;
  CARNET_TRY_VOID(CheckEntries(inspection, state, stored.has_value(), checkpoints, progress));
  return std::move(inspection.report());
}

Result<FsckReport> Fsck(const std::string& folder, const std::string& guard,
                        const Progress& progress) {
  CARNET_TRY(const std::string guard_folder, GuardFolder(folder, guard));
  const auto guarded = FolderGuard::Read(guard_folder);
  const auto store = Store::Open(folder, Store::Mode::kReadOnly, nullptr);
  if (!store && store.error().code != ErrorCode::kCorruption) return store.error();
  if (!store) {
    FsckReport report;
    report.findings.push_back(store.error().message);
    return report;
  }
  return FsckStore(**store, guarded, progress);
}

}  // namespace carnet::ledger
