#include "ledger/erase.h"

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "core/file.h"
#include "ledger/entry.h"
#include "ledger/folder_lock.h"
#include "ledger/keyspace.h"
#include "ledger/rebuild.h"
#include "ledger/recovery.h"
#include "ledger/store.h"
#include "sigstore/dsse.h"

namespace carnet::ledger {
namespace {

struct OpenLedger {
  FileDescriptor lock;
  std::unique_ptr<Store> store;
};

Result<OpenLedger> Open(const std::string& folder) {
  // Else a folder that is not a ledger would get a lock.
  if (!PathExists(folder + "/db")) return NotFound(folder + "/db: no database");
  CARNET_TRY(FileDescriptor lock, LockFolder(folder));
  CARNET_TRY(auto store, OpenForWriting(folder, nullptr));
  return OpenLedger{std::move(lock), std::move(store)};
}

// Every entry of the statement, ascending; a statement without a head has one a signer.
Result<std::vector<LeafIndex>> EntriesOf(const Store& store, const StatementId& id) {
  const std::string key = StatementKey(id);
  CARNET_TRY(const auto value, store.Get(key));
  if (!value) return store.InRow(key, NotFound("is not logged"));
  const auto first = DecodeStatement(AsBytes(*value));
  if (!first) return store.InRow(key, first.error());
  std::vector<LeafIndex> entries = {first->index};
  const std::string prefix = DedupPrefix(id);
  std::optional<Error> failed;
  CARNET_TRY_VOID(
      store.Scan(prefix, PrefixEnd(prefix), [&](std::string_view row, std::string_view of) {
        const auto index = DecodeIndex(AsBytes(of));
        if (!index) failed = store.InRow(row, index.error());
        if (index && *index != first->index) entries.push_back(*index);
        return !failed;
      }));
  if (failed) return *failed;
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<OpenedEntry> ReadEntry(const Store& store, LeafIndex index) {
  const std::string key = EntryKey(index);
  CARNET_TRY(const std::string row, store.Need(key));
  auto entry = OpenEntry(AsBytes(row));
  if (!entry) return store.InRow(key, entry.error());
  return entry;
}

// Absent where its text is erased already.
Result<std::optional<std::string>> ErasedRow(const Store& store, LeafIndex index, TimestampMs now,
                                             const std::string& reason) {
  CARNET_TRY(OpenedEntry entry, ReadEntry(store, index));
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.stored.content)) {
    if (absence->cause == schemas::AbsenceCause::kErased) return std::optional<std::string>();
    return store.InRow(EntryKey(index), Conflict(IsAbsent(*absence).message));
  }
  auto terms = TermsOf(entry);
  if (!terms) return store.InRow(EntryKey(index), Corruption(terms.error().message));
  entry.stored.content =
      schemas::Absence{schemas::AbsenceCause::kErased, now, reason, EncodeTerms(*terms)};
  return std::optional<std::string>(schemas::EncodeStored(entry.stored));
}

// Absent where its text is there.
Result<std::optional<std::string>> RestoredRow(const Store& store, LeafIndex index,
                                               const Bytes& payload, bool& index_differs) {
  CARNET_TRY(OpenedEntry entry, ReadEntry(store, index));
  const auto* absence = std::get_if<schemas::Absence>(&entry.stored.content);
  if (absence == nullptr) return std::optional<std::string>();
  CARNET_TRY(const IndexTerms terms, ReadIndexTerms(payload, entry.stored.signer));
  // The id proves the text; nothing proves the terms that were kept in its place.
  index_differs = index_differs || EncodeTerms(terms) != absence->terms;
  entry.stored.content = payload;
  return std::optional<std::string>(schemas::EncodeStored(entry.stored));
}

}  // namespace

Result<Erased> Erase(const std::string& folder, const StatementId& id, TimestampMs now,
                     const std::string& reason) {
  CARNET_TRY(const OpenLedger ledger, Open(folder));
  CARNET_TRY_VOID(ClearRebuilding(folder));  // it may contain the text
  CARNET_TRY(auto entries, EntriesOf(*ledger.store, id));
  RowBatch rows;
  std::vector<std::string> keys;
  for (const LeafIndex index : entries) {
    CARNET_TRY(auto row, ErasedRow(*ledger.store, index, now, reason));
    keys.push_back(EntryKey(index));
    if (row) rows.Put(EntryKey(index), *std::move(row));
  }
  const bool already = rows.size() == 0;
  if (!already) CARNET_TRY_VOID(ledger.store->Commit(std::move(rows)));
  CARNET_TRY_VOID(ledger.store->Purge(keys));
  return Erased{std::move(entries), already};
}

Result<std::vector<RestoredText>> Restore(const std::string& folder,
                                          const std::vector<Bytes>& payloads) {
  CARNET_TRY(const OpenLedger ledger, Open(folder));
  RowBatch rows;
  std::vector<RestoredText> restored;
  std::unordered_set<StatementId> seen;  // passports share statements
  for (const Bytes& payload : payloads) {
    RestoredText text{sigstore::StatementIdOf(payload), {}, false};
    if (!seen.insert(text.id).second) continue;
    const auto entries = EntriesOf(*ledger.store, text.id);
    if (!entries && entries.error().code == ErrorCode::kNotFound) continue;
    if (!entries) return entries.error();
    for (const LeafIndex index : *entries) {
      CARNET_TRY(auto row, RestoredRow(*ledger.store, index, payload, text.index_differs));
      if (!row) continue;
      rows.Put(EntryKey(index), *std::move(row));
      text.entries.push_back(index);
    }
    if (!text.entries.empty()) restored.push_back(std::move(text));
  }
  if (restored.empty()) return restored;
  CARNET_TRY_VOID(ledger.store->Commit(std::move(rows)));
  // Else an older log, with the index rows of these entries, could be lost without their gap.
  ledger.store->MoveLogsToTables();
  return restored;
}

}  // namespace carnet::ledger
