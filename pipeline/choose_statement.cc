#include "pipeline/choose_statement.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/hex.h"
#include "pipeline/logged_statement.h"
#include "pipeline/statements_about.h"

namespace carnet::pipeline {
namespace {

// Which of the statements about one digest a user most likely means.
int Preference(schemas::Kind kind) {
  switch (kind) {
    case schemas::Kind::kPassport:
      return 3;
    case schemas::Kind::kCompletion:
      return 2;
    case schemas::Kind::kSegment:
      return 1;
    default:
      return 0;
  }
}

// A digest that no statement is about may still be the parent that a run names.
Error Unknown(const ledger::Reader& reader, const SubjectDigest& digest) {
  const auto runs = reader.RunsFromModel(Retag<ModelDigest>(digest), 1);
  return NotFound(fmt::format(
      "sha256:{} is neither a statement in this ledger nor the subject of one{}",
      HexEncode(digest.span()),
      runs && !runs->empty() ? ", but runs name it as a parent (`carnet find --parent`)" : ""));
}

}  // namespace

Result<ChosenStatement> ChooseStatement(const ledger::Reader& reader, const SubjectDigest& digest,
                                        const trust::Trust* trust) {
  const auto id = Retag<StatementId>(digest);
  const auto own_row = reader.Find(id);
  if (own_row) return ChosenStatement{id, true};
  if (own_row.error().code != ErrorCode::kNotFound) return own_row.error();
  std::optional<ChosenStatement> best;
  std::pair<bool, int> rank;
  size_t passports = 0;
  const auto compare = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
    if (row.kind == schemas::Kind::kPassport) ++passports;
    const std::pair own(IsTrusted(trust, entry.signer, row.kind), Preference(row.kind));
    if (best && own < rank) return true;
    best = ChosenStatement{entry.id, false};
    rank = own;
    return true;
  };
  CARNET_TRY_VOID(VisitAbout(reader, digest, compare));
  if (!best) return Unknown(reader, digest);
  const bool is_passport = rank.second == Preference(schemas::Kind::kPassport);
  best->other_passports = passports - (is_passport ? 1 : 0);
  return *best;
}

}  // namespace carnet::pipeline
