#include "ledger/fsck/fsck.h"

#include <fmt/core.h>

#include <algorithm>

#include "ledger/checkpoint_guard.h"
#include "ledger/fsck/index.h"
#include "ledger/fsck/rows.h"
#include "ledger/fsck/surplus.h"
#include "ledger/fsck/tree.h"
#include "ledger/guard_place.h"
#include "ledger/log_identity.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
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

Result<> CheckEntries(Inspection& inspection, const TreeState& state, bool state_is_stored,
                      const std::vector<NamedCheckpoint>& checkpoints, const FsckOptions& options) {
  const uint64_t size = state.size.value();
  FsckReport& report = inspection.report();
  report.from = options.from;
  report.to = std::min(options.to.value_or(size), size);
  if (report.from > report.to || report.from % kTileHashes != 0)
    return Rejected(
        fmt::format("fsck: from entry {} to {} is not a range: it begins with a multiple "
                    "of {} below its end, and the ledger has {}",
                    report.from, report.to, kTileHashes, size));
  std::vector<TreeSize> sizes;
  sizes.reserve(checkpoints.size());
  for (const NamedCheckpoint& named : checkpoints) sizes.push_back(named.checkpoint.size());
  const EntryVisitor visit = [](Inspection& part, LeafIndex index, const OpenedEntry& entry) {
    CountAbsence(part, entry);
    return CheckIndexRows(part, index, entry);
  };
  const auto derived = CheckTree(
      inspection, state, sizes, {report.from, report.to, options.threads}, visit, options.progress);
  if (!derived && derived.error().code == ErrorCode::kCorruption) {
    inspection.Find(derived.error().message);
    report.to = report.from;
    return Ok();
  }
  if (!derived) return derived.error();
  if (report.to < size) return Ok();
  if (state_is_stored) CompareState(inspection, state, *derived);
  CompareCheckpoints(inspection, checkpoints, *derived);
  return report.from == 0 ? FindSurplusRows(inspection, state.size) : Ok();
}

}  // namespace

Result<FsckReport> FsckStore(const Store& store, const Result<std::string>& guarded,
                             const FsckOptions& options) {
  CARNET_CHECK(options.threads > 0);
  Inspection inspection(store);
  CARNET_TRY(const auto key, ReadKey(inspection));
  std::vector<NamedCheckpoint> checkpoints;
  if (key) {
    CARNET_TRY(checkpoints, ReadCheckpoints(inspection, guarded, *key));
  }
  CARNET_TRY(const auto stored, ReadStateRow(inspection));
  const TreeState state = stored ? *stored : StateFromCheckpoints(checkpoints);
  inspection.report().size = state.size;
  CARNET_TRY_VOID(CheckEntries(inspection, state, stored.has_value(), checkpoints, options));
  return std::move(inspection.report());
}

namespace {

// The guard is replaced before the database's copy of it: a copy that is ahead of a guard that is
// read after it shows a guard that was put back.
void FindGuardPutBack(const Store& store, const std::string& guard, FsckReport& report) {
  const auto key = ReadLogKey(store);
  const auto copy = store.Get(SingleKey(RowClass::kCheckpoint));
  const auto note = FolderGuard::Read(guard);
  if (!key || !copy || !*copy || !note) return;  // named elsewhere
  const auto copied = merkle::VerifiedCheckpoint::Verify(**copy, *key);
  const auto guarded = merkle::VerifiedCheckpoint::Verify(*note, *key);
  if (!copied || !guarded || copied->size() <= guarded->size()) return;
  report.findings.push_back(fmt::format(
      "guard: its checkpoint (size {}) is older than the database's own copy (size {}): it was put "
      "back",
      guarded->size().value(), copied->size().value()));
}

}  // namespace

Result<FsckReport> Fsck(const std::string& folder, const FsckOptions& options) {
  CARNET_TRY(const std::string guard_folder, GuardFolder(folder, options.guard));
  const auto guarded = FolderGuard::Read(guard_folder);
  const auto store = Store::Open(folder, Store::Mode::kReadOnly, nullptr);
  if (!store && store.error().code != ErrorCode::kCorruption) return store.error();
  if (!store) {
    FsckReport report;
    report.opened = false;
    report.findings.push_back(store.error().message);
    return report;
  }
  CARNET_TRY(FsckReport report, FsckStore(**store, guarded, options));
  FindGuardPutBack(**store, guard_folder, report);
  return report;
}

}  // namespace carnet::ledger
