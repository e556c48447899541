#include "ledger/fsck/surplus.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/entry.h"
#include "ledger/fsck/index.h"
#include "ledger/index.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"

namespace carnet::ledger {
namespace {

// The entry that an index row points at, by key or by value.
std::optional<LeafIndex> EntryOf(RowClass row_class, std::string_view key, std::string_view value) {
  switch (row_class) {
    case RowClass::kSubject:
    case RowClass::kSigner:
    case RowClass::kReferrer:
    case RowClass::kFromModel: {
      const auto index = PostingIndex(key);
      return index ? std::optional(*index) : std::nullopt;
    }
    case RowClass::kCompletion:
    case RowClass::kSegment:
    case RowClass::kPassport:
    case RowClass::kDedup: {
      const auto index = DecodeIndex(AsBytes(value));
      return index ? std::optional(*index) : std::nullopt;
    }
    case RowClass::kStatement: {
      const auto statement = DecodeStatement(AsBytes(value));
      return statement ? std::optional(statement->index) : std::nullopt;
    }
    case RowClass::kRecorders:
    case RowClass::kEntry:
    case RowClass::kTile:
    case RowClass::kMeta:
    case RowClass::kCheckpoint:
    case RowClass::kState:
      return std::nullopt;
  }
  return std::nullopt;
}

// Keys of all index rows that an entry can call for.
Result<std::set<std::string>> KeysCalledFor(const Store& store, LeafIndex index) {
  std::set<std::string> keys;
  CARNET_TRY(const auto value, store.Get(EntryKey(index)));
  if (!value) return keys;
  const auto entry = OpenEntry(AsBytes(*value));
  if (!entry) return keys;
  const SignerId& signer = entry->stored.signer;
  const auto terms = TermsOf(*entry);
  if (!terms) return keys;
  ForEachOwnRow(entry->id(), signer, *terms, index,
                [&](std::string_view key, std::string_view) { keys.emplace(key); });
  keys.insert(StatementKey(entry->id()));
  CARNET_TRY(const auto decided, DecidedKeys(store, index, signer, *terms));
  keys.insert(decided.begin(), decided.end());
  return keys;
}

bool IsInTree(RowClass row_class, std::string_view key, TreeSize size) {
  if (row_class == RowClass::kEntry) return key < EntryKey(LeafIndex(size.value()));
  const auto last = LastTiles(size);
  return std::any_of(last.begin(), last.end(), [&](const LastTile& tile) {
    return TileKey({tile.position.level, 0}) <= key && key <= TileKey(tile.position);
  });
}

Result<bool> IsCalledFor(const Inspection& inspection, RowClass row_class, std::string_view key,
                         std::string_view value, TreeSize size) {
  if (key.size() != KeySize(row_class)) return false;
  if (KeySize(row_class) == 1) return true;
  if (row_class == RowClass::kEntry || row_class == RowClass::kTile)
    return IsInTree(row_class, key, size);
  auto index = EntryOf(row_class, key, value);
  if (row_class == RowClass::kRecorders) {
    const auto run = StatementId::FromSpan(AsBytes(key.substr(1)));
    CARNET_TRY(const auto statement, inspection.store().Get(StatementKey(*run)));
    if (statement) index = EntryOf(RowClass::kStatement, {}, *statement);
  }
  if (!index || !size.Contains(*index)) return false;
  if (inspection.is_damaged(*index)) return true;
  CARNET_TRY(const auto keys, KeysCalledFor(inspection.store(), *index));
  return keys.count(std::string(key)) != 0;
}

// Slow: opens one entry per row. Only where the counts show that there is something to find.
Result<> NameSurplus(Inspection& inspection, RowClass row_class, TreeSize size) {
  const std::string begin(1, static_cast<char>(row_class));
  std::optional<Error> failed;
  CARNET_TRY_VOID(inspection.store().Scan(
      begin, PrefixEnd(begin), [&](std::string_view key, std::string_view value) {
        const auto called_for = IsCalledFor(inspection, row_class, key, value, size);
        if (!called_for) {
          failed = called_for.error();
          return false;
        }
        if (!*called_for) inspection.FindInRow(key, "no entry calls for this row");
        return true;
      }));
  if (failed) return *failed;
  return Ok();
}

// The number of rows of each class; a row of no class is a finding. Errors: corruption, io.
Result<std::map<RowClass, uint64_t>> CountRows(Inspection& inspection) {
  std::map<RowClass, uint64_t> rows;
  CARNET_TRY_VOID(inspection.store().Scan({}, "\xff", [&](std::string_view key, std::string_view) {
    if (const auto row_class = RowClassOf(key)) {
      ++rows[*row_class];
    } else {
      inspection.FindInRow(key, "unknown kind of row");
    }
    return true;
  }));
  return rows;
}

Result<> CompareCounts(Inspection& inspection, TreeSize size) {
  CARNET_TRY(const auto rows, CountRows(inspection));
  for (const auto& [row_class, count] : rows)
    if (count > inspection.counted(row_class))
      CARNET_TRY_VOID(NameSurplus(inspection, row_class, size));
  return Ok();
}

}  // namespace

Result<> FindSurplusRows(Inspection& inspection, TreeSize size) {
  auto compared = CompareCounts(inspection, size);
  if (compared || compared.error().code != ErrorCode::kCorruption) return compared;
  inspection.Find(compared.error().message);
  return Ok();
}

}  // namespace carnet::ledger
