#include "api/ledger_state.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "pipeline/closure.h"
#include "sigstore/trusted_root.h"

namespace carnet {
namespace {

Result<StatementId> ReadStatementId(std::string_view text) {
  const auto id = HexDecodeTo<StatementId>(text);
  if (!id) return Malformed("statement id: expected 64 lowercase hex digits");
  return *id;
}

}  // namespace

Result<LedgerReader> LedgerReader::Open(const std::string& folder) {
  CARNET_TRY(auto reader, ledger::Reader::Open(folder));
  return Internals::Make<LedgerReader>(nullptr, std::move(reader));
}

LedgerReader::LedgerReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}
LedgerReader::~LedgerReader() = default;

LedgerInfo LedgerReader::Info() const {
  const ledger::Reader& reader = *state_->reader;
  return {reader.key().name(),   HexEncode(reader.log_id().span()),      reader.key().ToVkey(),
          reader.size().value(), HexEncode(reader.head().root().span()), reader.checkpoint()};
}

Result<std::string> LedgerReader::BundleAt(uint64_t index) const {
  CARNET_TRY(const sigstore::Bundle bundle, state_->reader->BundleAt(LeafIndex(index)));
  return sigstore::WriteBundle(bundle);
}

Result<std::string> LedgerReader::Bundle(std::string_view statement) const {
  CARNET_TRY(const StatementId id, ReadStatementId(statement));
  CARNET_TRY(const ledger::StatementRow row, state_->reader->Find(id));
  return BundleAt(row.index.value());
}

Result<std::vector<uint64_t>> LedgerReader::IndicesOf(std::string_view digest, size_t limit) const {
  const auto subject = HexDecodeTo<SubjectDigest>(digest);
  if (!subject) return Malformed("digest: expected 64 lowercase hex digits");
  CARNET_TRY(const std::vector<LeafIndex> found, state_->reader->BySubject(*subject, limit));
  std::vector<uint64_t> indices;
  indices.reserve(found.size());
  for (const LeafIndex index : found) indices.push_back(index.value());
  return indices;
}

Result<std::string> LedgerReader::Passport(std::string_view statement) const {
  CARNET_TRY(const StatementId id, ReadStatementId(statement));
  CARNET_TRY(const auto bundles, pipeline::CollectClosure(*state_->reader, id));
  return pipeline::WriteLines(bundles);
}

std::string LedgerReader::TrustedRoot(std::string_view run_by) const {
  // A log may say when its key came into force; a key that its ledger made was always this log's.
  sigstore::TrustedLog log{"https://" + state_->reader->key().name(), state_->reader->key(),
                           TimestampMs(0), std::nullopt, Printable(run_by)};
  return sigstore::WriteTrustedRoot({{std::move(log)}, 0});
}

}  // namespace carnet
