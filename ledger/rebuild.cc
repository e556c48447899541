#include "ledger/rebuild.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdio.h>

#include <filesystem>
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
  Rebuilding(const Store& from, Store& to, const merkle::VerifiedCheckpoint& head,
             const SuppliedEntries& supplied)
      : from_(from), to_(to), head_(head), supplied_(supplied) {}

  Result<> Run(const Progress& progress) {
    NoteRoot();
    const uint64_t signed_size = head_.size().value();
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
  uint64_t supplied() const { return from_bundles_; }

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
    if (stored && *stored && OpenEntry(AsBytes(**stored))) return stored;
    const std::string* row = supplied_.Row(index);
    if (row == nullptr) return std::optional<std::string>();
    ++from_bundles_;
    return std::optional<std::string>(*row);
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
    if (edge_.range().size() == head_.size()) root_at_head_ = edge_.range().Root();
  }

  void NoteGap(LeafIndex index) {
    if (++gaps_ > kNamedGaps) return;
    named_gaps_ += (named_gaps_.empty() ? "" : ", ") + std::to_string(index.value());
  }

  Result<> CheckGaps() const {
    if (gaps_ == 0) return Ok();
    return Corruption(fmt::format(
        "{}: {} of the {} entries under the last signed checkpoint are lost: {}{}; bundles with "
        "their receipts can supply them (passports, `attest --out`, a run directory)",
        from_.folder(), gaps_, head_.size().value(), named_gaps_, gaps_ > kNamedGaps ? ", …" : ""));
  }

  Result<> CheckRoot() const {
    if (root_at_head_ == head_.root()) return Ok();
    return Rejected(fmt::format(
        "{}: the entries are not those that were signed: their root at size {} differs from the "
        "last signed checkpoint's",
        from_.folder(), head_.size().value()));
  }

  const Store& from_;
  Store& to_;
  const merkle::VerifiedCheckpoint& head_;
  const SuppliedEntries& supplied_;
  RowBatch rows_;
  std::optional<PendingIndex> index_{std::in_place, to_, rows_};
  RightEdge edge_;
  std::optional<RootHash> root_at_head_;
  uint64_t from_bundles_ = 0;
  uint64_t gaps_ = 0;
  std::string named_gaps_;
};

Result<> RemoveFolder(const std::string& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) return Io(folder + ": " + failed.message());
  return Ok();
}

// Gives both databases each other's name, then the old one that of a folder beside it.
Result<std::string> Swap(const std::string& folder, const std::string& made) {
  const std::string current = folder + "/db";
  const std::string built = made + "/db";
  if (::renameat2(AT_FDCWD, built.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) != 0)
    return SystemError(current, "put the rebuilt database in its place");
  CARNET_TRY_VOID(SyncFolder(folder));
  std::string aside = folder + "/db.damaged";
  for (int i = 2; PathExists(aside); ++i) aside = fmt::format("{}/db.damaged-{}", folder, i);
  if (::rename(built.c_str(), aside.c_str()) != 0) return SystemError(aside, "rename");
  CARNET_TRY_VOID(RemoveFolder(made));
  CARNET_TRY_VOID(SyncFolder(folder));
  return aside;
}

Result<Rebuilt> BuildInto(const std::string& made, const std::string& folder,
                          const std::string& note, const LedgerOptions& options,
                          const std::vector<sigstore::Bundle>& bundles, const Progress& progress) {
  CARNET_TRY(const auto from, OpenDamaged(folder, made + "/repaired", options.env));
  CARNET_TRY(const auto key, FindKey(*from, folder, note, options));
  auto head = merkle::VerifiedCheckpoint::Verify(note, key);
  if (!head) return head.error().In(folder + ": the guard's checkpoint");
  SuppliedEntries supplied(key);
  for (size_t i = 0; i < bundles.size(); ++i)
    if (const auto added = supplied.Add(bundles[i]); !added)
      return added.error().In(fmt::format("bundle {}", i + 1));
  CARNET_TRY(const auto to, Store::Open(made, Store::Mode::kCreate, options.env));
  Rebuilding rebuilding(*from, *to, *head, supplied);
  CARNET_TRY_VOID(rebuilding.Run(progress));
  CARNET_TRY(const uint64_t dropped, rebuilding.CountDropped());
  CARNET_TRY_VOID(rebuilding.Finish(key, note));
  return Rebuilt{rebuilding.size(), head->size(), rebuilding.supplied(), dropped, ""};
}

}  // namespace

Result<Rebuilt> Rebuild(const std::string& folder, const LedgerOptions& options,
                        const std::vector<sigstore::Bundle>& bundles, const Progress& progress) {
  CARNET_TRY(const FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(const std::string guard_folder, GuardFolder(folder, options.guard));
  CARNET_TRY(const auto guard, FolderGuard::Open(guard_folder));
  CARNET_TRY(const std::string note, guard->Fetch());
  if (!PathExists(folder + "/db")) return NotFound(folder + "/db: no database");
  const std::string made = folder + "/rebuilding";
  CARNET_TRY_VOID(RemoveFolder(made));  // of an attempt that was cut short
  std::error_code failed;
  if (!fs::create_directory(made, failed)) return Io(made + ": " + failed.message());
  auto rebuilt = BuildInto(made, folder, note, options, bundles, progress);
  if (!rebuilt) {
    CARNET_TRY_VOID(RemoveFolder(made));
    return rebuilt;
  }
  CARNET_TRY(rebuilt->set_aside, Swap(folder, made));
  return rebuilt;
}

}  // namespace carnet::ledger
