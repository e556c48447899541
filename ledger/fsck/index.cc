#include "ledger/fsck/index.h"

#include <fmt/core.h>

#include <algorithm>

#include "ledger/index.h"
#include "ledger/store.h"

namespace carnet::ledger {
namespace {

// Checks that the row names the first entry that calls for it. `may_follow`: this entry may be a
// later one.
Result<> CheckFirst(Inspection& inspection, const std::string& key, LeafIndex index,
                    bool may_follow) {
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return Ok();
  const auto first = DecodeIndex(AsBytes(*value));
  if (first && may_follow && *first < index) return Ok();
  inspection.Count(key);
  if (!first) {
    inspection.FindInRow(key, first.error().message);
  } else if (*first != index) {
    inspection.FindInRow(key, fmt::format("names entry {}, but entry {} calls for it",
                                          first->value(), index.value()));
  }
  return Ok();
}

Result<> CheckStatementRow(Inspection& inspection, LeafIndex index, const OpenedEntry& entry,
                           const IndexTerms& terms) {
  const std::string key = StatementKey(entry.id());
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return Ok();
  const auto statement = DecodeStatement(AsBytes(*value));
  // Only a statement without a head can be logged again, by another signer.
  const bool later = statement && !schemas::HasHead(terms.kind) && statement->index < index;
  if (!later) inspection.Count(key);
  if (!statement) {
    inspection.FindInRow(key, statement.error().message);
    return Ok();
  }
  if (!later && statement->index != index)
    inspection.FindInRow(key, fmt::format("names entry {}, but the first is entry {}",
                                          statement->index.value(), index.value()));
  if (statement->kind != terms.kind) inspection.FindInRow(key, "kind differs from the entry's");
  if (statement->references != terms.references)
    inspection.FindInRow(key, "references differ from the entry's");
  return Ok();
}

// Damage is reported where the row itself is checked.
Result<std::optional<std::string>> ReadIfWhole(const Store& store, const std::string& key) {
  auto value = store.Get(key);
  if (!value && value.error().code == ErrorCode::kCorruption) return std::optional<std::string>();
  return value;
}

// Whether the run was logged before this entry, with the entry's signer among those who may sign
// for it.
Result<bool> MaySignFor(const Store& store, const StatementId& run, const SignerId& signer,
                        LeafIndex index) {
  const std::string statement_key = StatementKey(run);
  const std::string recorders_key = RecordersKey(run);
  CARNET_TRY(const auto statement_value, ReadIfWhole(store, statement_key));
  CARNET_TRY(const auto recorders_value, ReadIfWhole(store, recorders_key));
  if (!statement_value || !recorders_value) return false;
  const auto statement = DecodeStatement(AsBytes(*statement_value));
  const auto signers = DecodeRecorders(AsBytes(*recorders_value));
  if (!statement || !signers || statement->index >= index) return false;
  return std::find(signers->begin(), signers->end(), signer) != signers->end();
}

}  // namespace

Result<std::vector<std::string>> DecidedKeys(const Store& store, LeafIndex index,
                                             const SignerId& signer, const IndexTerms& terms) {
  std::vector<std::string> keys;
  if (terms.model) keys.push_back(PassportKey(signer, *terms.model));
  if (!terms.run) return keys;
  CARNET_TRY(const bool may_sign, MaySignFor(store, *terms.run, signer, index));
  if (!may_sign) return keys;
  keys.push_back(terms.kind == schemas::Kind::kSegment
                     ? SegmentKey({*terms.run, terms.lane, terms.seq})
                     : CompletionKey(*terms.run));
  return keys;
}

Result<> CheckIndexRows(Inspection& inspection, LeafIndex index, const OpenedEntry& entry) {
  const SignerId& signer = entry.stored.signer;
  const auto terms = TermsOf(entry);
  if (!terms) {
    inspection.FindInRow(EntryKey(index), terms.error().message);
    inspection.MarkDamaged(index);
    return Ok();
  }
  std::optional<Error> failed;
  ForEachOwnRow(entry.id(), signer, *terms, index,
                [&](std::string_view key, std::string_view value) {
                  if (failed) return;
                  if (auto checked = inspection.Expect(key, value); !checked)
                    failed = checked.error();
                });
  if (failed) return *failed;
  CARNET_TRY_VOID(CheckStatementRow(inspection, index, entry, *terms));
  CARNET_TRY(const auto decided, DecidedKeys(inspection.store(), index, signer, *terms));
  for (const std::string& key : decided)
    CARNET_TRY_VOID(CheckFirst(inspection, key, index, terms->supersedes));
  return Ok();
}

}  // namespace carnet::ledger
