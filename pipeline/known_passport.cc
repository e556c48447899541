#include "pipeline/known_passport.h"

#include "pipeline/statements_about.h"
#include "schemas/readers.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

Result<std::optional<KnownPassport>> FindKnownPassport(const ledger::Reader& reader,
                                                       const ModelDigest& model) {
  constexpr size_t kLooked = 1'000;
  std::optional<KnownPassport> passport;
  size_t looked = 0;
  const auto look = [&](LeafIndex index) -> Result<bool> {
    const bool more = ++looked < kLooked;
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.payload() == nullptr) return more;
    const auto read = sigstore::ParsedStatement::Parse(*entry.payload());
    if (!read) return Corruption("a logged statement cannot be read back: " + read.error().message);
    const schemas::Predicate& said = read->predicate();
    if (said.kind() != schemas::Kind::kPassport) return more;
    const auto fields = schemas::ReaderOf<wire::Passport>(said);
    if (schemas::DigestOf<ModelDigest>(fields.getModel()) != model) return more;
    passport = {entry.id, entry.signer};
    return false;
  };
  CARNET_TRY_VOID(VisitAbout(reader, Retag<SubjectDigest>(model), look));
  return passport;
}

}  // namespace carnet::pipeline
