#include "pipeline/earlier_statement.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "json/reader.h"
#include "pipeline/differing_fields.h"
#include "pipeline/statements_about.h"
#include "schemas/readers.h"
#include "schemas/subjects.h"

namespace carnet::pipeline {
namespace {

Result<std::string> Differences(const sigstore::ParsedStatement& one,
                                const sigstore::ParsedStatement& other) {
  CARNET_TRY(const json::Tree first, json::Parse(AsText(one.payload())));
  CARNET_TRY(const json::Tree second, json::Parse(AsText(other.payload())));
  const auto mine = first.root().Find("predicate");
  const auto theirs = second.root().Find("predicate");
  CARNET_CHECK(mine && theirs);  // they were read as statements
  return DifferingFields(*mine, *theirs);
}

LeafIndex FirstOfLast(const ledger::Reader& reader) {
  constexpr uint64_t kLooked = 100'000;  // about a second
  const uint64_t size = reader.size().value();
  return LeafIndex(size > kLooked ? size - kLooked : 0);
}

}  // namespace

Result<std::optional<EarlierStatement>> FindEarlier(const ledger::Reader& reader,
                                                    const sigstore::ParsedStatement& prepared) {
  const auto head = prepared.predicate().head();
  CARNET_CHECK(head && !prepared.subjects().empty());
  std::optional<EarlierStatement> earlier;
  bool same_subject = true;
  const auto compare_absent = [&](const ledger::StoredEntry& entry) -> Result<bool> {
    CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
    if (!same_subject || row.kind != prepared.predicate().kind()) return true;
    return Conflict(fmt::format(
        "statement sha256:{} at entry {} is about the same, and its text is withheld or erased: "
        "whether it was recorded with this nonce or idempotency key cannot be told",
        HexEncode(entry.id.span()), entry.index.value()));
  };
  const auto compare = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.signer != head->signer) return true;
    if (entry.payload() == nullptr) return compare_absent(entry);
    auto read = sigstore::ParsedStatement::Parse(*entry.payload());
    if (!read) return Corruption("a logged statement cannot be read back: " + read.error().message);
    const schemas::Predicate& found = read->predicate();
    if (found.kind() == prepared.predicate().kind() && found.head()->nonce == head->nonce)
      earlier.emplace(EarlierStatement{index, *std::move(read)});
    return !earlier;
  };
  CARNET_TRY_VOID(VisitAbout(reader, prepared.subjects().front().digest, compare));
  same_subject = false;
  if (!earlier) CARNET_TRY_VOID(VisitSignedBy(reader, head->signer, FirstOfLast(reader), compare));
  return earlier;
}

Result<> CheckSameContent(const EarlierStatement& earlier,
                          const sigstore::ParsedStatement& prepared) {
  if (schemas::EqualIgnoringHead(earlier.statement.predicate(), prepared.predicate())) return Ok();
  CARNET_TRY(const std::string fields, Differences(prepared, earlier.statement));
  return Conflict(fmt::format(
      "statement sha256:{} at entry {} was recorded with this nonce or idempotency key, "
      "but with other content; it differs in: {}",
      HexEncode(earlier.statement.id().span()), earlier.index.value(), fields));
}

Result<std::optional<TimestampMs>> WindowBegan(const ledger::Reader& reader, const SignerId& signer,
                                               std::string_view nonce) {
  constexpr schemas::Kind kAllocation = schemas::Kind::kAllocation;
  std::optional<TimestampMs> began;
  const auto look = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.signer != signer || entry.payload() == nullptr) return true;
    auto read = sigstore::ParsedStatement::Parse(*entry.payload());
    if (!read) return Corruption("a logged statement cannot be read back: " + read.error().message);
    const schemas::Predicate& found = read->predicate();
    if (found.kind() != kAllocation || found.head()->nonce != nonce) return true;
    began = schemas::TimeOf(schemas::ReaderOf<wire::Allocation>(found).getWindow().getFrom());
    return false;
  };
  CARNET_TRY_VOID(VisitAbout(reader, schemas::IdFromNonce(kAllocation, nonce), look));
  return began;
}

}  // namespace carnet::pipeline
