#include "pipeline/logged_predicate.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

Result<schemas::Predicate> ReadLogged(const ledger::Reader& reader, const StatementId& id,
                                      schemas::Kind kind) {
  const std::string name = "sha256:" + HexEncode(id.span());
  const auto row = reader.Find(id);
  if (!row && row.error().code == ErrorCode::kNotFound) {
    return NotFound(name + " is not in this ledger");
  }
  if (!row) return row.error();
  if (row->kind != kind) {
    return Rejected(fmt::format("{} is a statement of kind {}, not {}", name,
                                schemas::KindName(row->kind), schemas::KindName(kind)));
  }
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(row->index));
  if (entry.payload() == nullptr) return NotFound(name + ": its text is not in this ledger");
  auto read = sigstore::ParsedStatement::Parse(*entry.payload());
  if (!read) return Corruption(name + " cannot be read back: " + read.error().message);
  return std::move(*read).TakePredicate();
}

}  // namespace carnet::pipeline
