#include "pipeline/check_clock.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "schemas/head_fields.h"
#include "schemas/limits.h"
#include "schemas/references.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {
namespace {

// Absent where the ledger does not have its text.
Result<std::optional<TimestampMs>> CreatedOf(const ledger::Reader& reader, const StatementId& id) {
  const auto row = reader.Find(id);
  if (!row && row.error().code == ErrorCode::kNotFound) return std::optional<TimestampMs>();
  if (!row) return row.error();
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(row->index));
  if (entry.payload() == nullptr) return std::optional<TimestampMs>();
  CARNET_TRY(const auto statement, sigstore::ParsedStatement::Parse(*entry.payload()));
  const auto head = schemas::HeadFieldsOf(statement.predicate());
  return head ? std::optional(head->created) : std::nullopt;
}

}  // namespace

Result<> CheckClock(const schemas::Predicate& predicate, const ledger::Reader& reader,
                    TimestampMs now) {
  for (const schemas::Reference& reference : schemas::StrongReferences(predicate)) {
    CARNET_TRY(const auto created, CreatedOf(reader, reference.target));
    if (!created || created->value() <= now.value() + schemas::kClockSkewMs) continue;
    return Rejected(fmt::format(
        "the clock says {}, but {} is sha256:{}, created at {}: nothing is signed until the clock "
        "is right",
        FormatTimestamp(now), reference.field, HexEncode(reference.target.span()),
        FormatTimestamp(*created)));
  }
  return Ok();
}

}  // namespace carnet::pipeline
