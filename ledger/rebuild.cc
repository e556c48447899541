#include "ledger/rebuild.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdio.h>

#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "core/file.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/entry.h"
#include "ledger/folder_lock.h"
#include "ledger/guard_place.h"
#include "ledger/index.h"
#include "ledger/keyspace.h"
#include "ledger/ledger_key.h"
#include "ledger/log_identity.h"
#include "ledger/salvage.h"
#include "ledger/store.h"
#include "ledger/supplied_entries.h"
#include "ledger/tile_rows.h"
#include "merkle/checkpoint.h"

namespace carnet::ledger {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBatchEntries = 1'024;  // some megabytes
constexpr size_t kNamedGaps = 20;

using Progress = std::function<void(uint64_t done, uint64_t total)>;

// The log's key: the database's, or where it has lost it, key.pem under the guard's origin.
Result<merkle::NoteKey> FindKey(const Store& store, const std::string& folder,
                                const std::string& note, const LedgerOptions& options) {
  auto stored = ReadLogKey(store);
  if (stored || stored.error().code != ErrorCode::kCorruption) return stored;
  CARNET_TRY(const auto private_key, ReadLedgerKey(folder + "/key.pem", options.password));
  return merkle::NoteKey::Create(note.substr(0, note.find('\n')), private_key.public_key());
}

class Rebuilding {
 public:
  Rebuilding(const Store& from, Store& to, const std::vector<merkle::VerifiedCheckpoint>& heads,
             const SuppliedEntries& supplied)
      : from_(from), to_(to), supplied_(supplied) {
    for (const auto& head : heads) roots_.emplace(head.size(), head.root());
  }

  Result<> Run(const Progress& progress) {
    NoteRoot();
    const uint64_t signed_size = this->signed_size().value();
    for (uint64_t i = 0;; ++i) {
      CARNET_TRY(auto row, Row(LeafIndex(i)));
      if (!row && i >= signed_size) break;
      if (!row) {
        NoteGap(LeafIndex(i));
        continue;  // what follows is of use only to name the other gaps
      }
      if (gaps_ == 0) CARNET_TRY_VOID(Add(LeafIndex(i), *std::move(row)));
      if (progress) progress(i + 1, std::max(i + 1, signed_size));
    }
    CARNET_TRY_VOID(CheckGaps());
    return CheckRoot();
  }

  Result<> Finish(const merkle::NoteKey& key, const std::string& note) {
    RowBatch rows = std::move(rows_);
    const auto put = [&](std::string row, std::string value) {
      rows.Put(std::move(row), std::move(value));
    };
    edge_.PutRows(put);
    rows.Put(SingleKey(RowClass::kMeta), EncodeMeta({key.name(), ToBytes(key.key().raw())}));
    rows.Put(SingleKey(RowClass::kState), EncodeState(edge_.state()));
    rows.Put(SingleKey(RowClass::kCheckpoint), note);
    CARNET_TRY_VOID(to_.Commit(std::move(rows)));
    return to_.Compact();
  }

  TreeSize size() const { return edge_.range().size(); }
  TreeSize signed_size() const { return roots_.empty() ? TreeSize(0) : roots_.rbegin()->first; }
  const std::vector<LeafIndex>& supplied() const { return from_bundles_; }

  // Entries behind the first gap, which nobody was told of.
  Result<uint64_t> CountDropped() const {
    uint64_t dropped = 0;
    CARNET_TRY_VOID(from_.Scan(EntryKey(LeafIndex(size().value())),
                               PrefixEnd(std::string(1, static_cast<char>(RowClass::kEntry))),
                               [&](std::string_view, std::string_view) { return ++dropped != 0; }));
    return dropped;
  }

 private:
  // Absent where the entry is lost: no row, or one that cannot be what was written.
  Result<std::optional<std::string>> Row(LeafIndex index) {
    auto stored = from_.Get(EntryKey(index));
    if (!stored && stored.error().code != ErrorCode::kCorruption) return stored.error();
    const auto entry =
        stored && *stored ? OpenEntry(AsBytes(**stored)) : Result<OpenedEntry>(NotFound("no row"));
    const SuppliedEntries::Entry* supplied = supplied_.At(index);
    // What a receipt proves goes before a row that differs from it.
    if (entry && (supplied == nullptr || supplied->leaf == entry->leaf)) return stored;
    if (supplied == nullptr) return std::optional<std::string>();
    from_bundles_.push_back(index);
    return std::optional<std::string>(supplied->row);
  }

  Result<> Add(LeafIndex index, std::string row) {
    const std::string key = EntryKey(index);
    CARNET_TRY(const OpenedEntry entry, OpenEntry(AsBytes(row)));
    const auto terms = TermsOf(entry);
    if (!terms) return from_.InRow(key, Corruption(terms.error().message));
    const auto earlier = index_->Place({entry.id(), entry.stored.signer, *terms}, index);
    if (!earlier) return from_.InRow(key, Corruption(earlier.error().message));
    if (*earlier)
      return from_.InRow(key, Corruption(fmt::format("repeats entry {}", (*earlier)->value())));
    index_->KeepCall();
    if (const auto node = nodes_.Node({0, index.value()});
        node && *node != Retag<NodeHash>(entry.leaf))
      Name(index, unlike_tree_);
    edge_.Append(entry.leaf);
    NoteRoot();
    rows_.Put(key, std::move(row));
    if ((index.value() + 1) % kBatchEntries == 0) return Flush();
    return Ok();
  }

  Result<> Flush() {
    edge_.PutClosedRows(
        [&](std::string key, std::string value) { rows_.Put(std::move(key), std::move(value)); });
    CARNET_TRY_VOID(to_.Commit(std::exchange(rows_, {})));
    index_.emplace(to_, rows_);
    return Ok();
  }

  void NoteRoot() {
    const auto [begin, end] = roots_.equal_range(edge_.range().size());
    for (auto root = begin; root != end; ++root)
      if (root->second != edge_.range().Root()) unlike_heads_.push_back(root->first.value());
  }

  void NoteGap(LeafIndex index) {
    if (++gaps_ <= kNamedGaps) Name(index, named_gaps_);
  }

  static void Name(LeafIndex index, std::string& names) {
    constexpr size_t kLongest = 300;
    if (names.size() < kLongest)
      names += (names.empty() ? "" : ", ") + std::to_string(index.value());
  }

  Result<> CheckGaps() const {
    if (gaps_ == 0) return Ok();
    return Corruption(fmt::format(
        "{}: {} of the {} entries under the last signed checkpoint are lost: {}{}; bundles with "
        "their receipts can supply them (passports, `attest --out`, a run directory)",
        from_.folder(), gaps_, signed_size().value(), named_gaps_,
        gaps_ > kNamedGaps ? ", …" : ""));
  }

  Result<> CheckRoot() const {
    if (unlike_heads_.empty()) return Ok();
    const std::string suspects =
        unlike_tree_.empty() ? ""
                             : "; their leaves differ from the stored tree at " + unlike_tree_ +
                                   ": bundles with receipts can supply these";
    return Rejected(fmt::format(
        "{}: the entries are not those that were signed: their root at size {} differs from the "
        "signed checkpoint's{}",
        from_.folder(), unlike_heads_.front(), suspects));
  }

  const Store& from_;
  Store& to_;
  std::multimap<TreeSize, RootHash> roots_;  // that were signed
  const SuppliedEntries& supplied_;
  RowBatch rows_;
  std::optional<PendingIndex> index_{std::in_place, to_, rows_};
  RightEdge edge_;
  NodeReader nodes_{from_};
  std::vector<uint64_t> unlike_heads_;  // sizes
  std::string unlike_tree_;
  std::vector<LeafIndex> from_bundles_;
  uint64_t gaps_ = 0;
  std::string named_gaps_;
};

Result<> RemoveFolder(const std::string& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) return Io(folder + ": " + failed.message());
  return Ok();
}

std::string MadeIn(const std::string& folder) { return folder + "/rebuilding"; }
// Its being there says that the database beside it is finished, or the one that was replaced.
std::string MarkIn(const std::string& folder) { return MadeIn(folder) + "/finished"; }

Result<std::string> SetAside(const std::string& folder) {
  const std::string aside = FirstFreeName(folder + "/db.damaged");
  const std::string built = MadeIn(folder) + "/db";
  if (::rename(built.c_str(), aside.c_str()) != 0) return SystemError(aside, "rename");
  CARNET_TRY_VOID(RemoveFolder(MadeIn(folder)));
  CARNET_TRY_VOID(SyncFolder(folder));
  return aside;
}

// Gives both databases each other's name, then the old one that of a folder beside it.
Result<std::string> Swap(const std::string& folder) {
  const std::string current = folder + "/db";
  const std::string built = MadeIn(folder) + "/db";
  if (!PathExists(current)) {
    if (::rename(built.c_str(), current.c_str()) != 0) return SystemError(current, "rename");
    CARNET_TRY_VOID(SyncFolder(folder));
    CARNET_TRY_VOID(RemoveFolder(MadeIn(folder)));
    return std::string();
  }
  CARNET_TRY_VOID(WriteFileAtomic(MarkIn(folder), "", Overwrite::kReplace));
  if (::renameat2(AT_FDCWD, built.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) != 0)
    return SystemError(current, "put the rebuilt database in its place");
  CARNET_TRY_VOID(SyncFolder(folder));
  return SetAside(folder);
}

// The database's own copy of the last signed checkpoint, where it is one.
std::optional<merkle::VerifiedCheckpoint> HeadInDatabase(const Store& store,
                                                         const merkle::NoteKey& key) {
  const auto note = store.Get(SingleKey(RowClass::kCheckpoint));
  if (!note || !*note) return std::nullopt;
  auto head = merkle::VerifiedCheckpoint::Verify(**note, key);
  return head ? std::optional(*std::move(head)) : std::nullopt;
}

Result<Rebuilt> Build(const std::string& folder, const std::string& note,
                      const LedgerOptions& options, const std::vector<NamedBundle>& bundles,
                      const Progress& progress) {
  CARNET_TRY(const auto from, OpenDamaged(folder, MadeIn(folder) + "/repaired", options.env));
  CARNET_TRY(const auto key, FindKey(*from, folder, note, options));
  auto guarded = merkle::VerifiedCheckpoint::Verify(note, key);
  if (!guarded) return guarded.error().In(folder + ": the guard's checkpoint");
  SuppliedEntries supplied(key);
  for (const NamedBundle& each : bundles)
    if (const auto added = supplied.Add(each.bundle); !added) return added.error().In(each.where);
  std::vector<merkle::VerifiedCheckpoint> heads = supplied.checkpoints();
  heads.push_back(*std::move(guarded));
  if (auto stored = HeadInDatabase(*from, key)) heads.push_back(*std::move(stored));
  CARNET_TRY(const auto to, Store::Open(MadeIn(folder), Store::Mode::kCreate, options.env));
  Rebuilding rebuilding(*from, *to, heads, supplied);
  CARNET_TRY_VOID(rebuilding.Run(progress));
  CARNET_TRY(const uint64_t dropped, rebuilding.CountDropped());
  CARNET_TRY_VOID(rebuilding.Finish(key, note));
  return Rebuilt{rebuilding.size(), rebuilding.signed_size(), rebuilding.supplied(), dropped, ""};
}

}  // namespace

Result<> ClearRebuilding(const std::string& folder) {
  if (!PathExists(MarkIn(folder)) || !PathExists(MadeIn(folder) + "/db"))
    return RemoveFolder(MadeIn(folder));
  CARNET_TRY_VOID(SetAside(folder));
  return Ok();
}

Result<Rebuilt> Rebuild(const std::string& folder, const LedgerOptions& options,
                        const std::vector<NamedBundle>& bundles, const Progress& progress) {
  CARNET_TRY(const FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(const std::string guard_folder, GuardFolder(folder, options.guard));
  CARNET_TRY(const auto guard, FolderGuard::Open(guard_folder));
  CARNET_TRY(const std::string note, guard->Fetch());
  CARNET_TRY_VOID(ClearRebuilding(folder));
  std::error_code failed;
  if (!fs::create_directory(MadeIn(folder), failed))
    return Io(MadeIn(folder) + ": " + failed.message());
  auto rebuilt = Build(folder, note, options, bundles, progress);
  if (!rebuilt) {
    CARNET_TRY_VOID(RemoveFolder(MadeIn(folder)));
    return rebuilt;
  }
  CARNET_TRY(rebuilt->set_aside, Swap(folder));
  return rebuilt;
}

}  // namespace carnet::ledger
