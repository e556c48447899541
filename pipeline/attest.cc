#include "pipeline/attest.h"

#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/draft.h"
#include "pipeline/predicate_fields.h"

namespace carnet::pipeline {

Result<Attested> Attest(schemas::Predicate draft, const signer::Signer& signer,
                        ledger::Ledger& ledger, const Moment& moment) {
  CARNET_TRY(const signer::SignedStatement signed_statement,
             signer.SignPredicate(std::move(draft), {ledger.key().id(), moment.now, moment.nonce}));
  CARNET_TRY(const crypto::P256PublicKey key, crypto::P256PublicKey::ParseSpki(signer.spki()));
  return AppendBundle(signed_statement.bundle, key, ledger);
}

Result<Attested> AppendBundle(const sigstore::Bundle& bundle, const crypto::P256PublicKey& key,
                              ledger::Ledger& ledger) {
  CARNET_TRY(const ledger::Submission submission, ledger::Submission::Verify(bundle.envelope, key));
  CARNET_TRY(const std::vector<ledger::Appended> appended, ledger.Append({&submission, 1}));
  const LeafIndex index = appended.front().index;
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(sigstore::Bundle logged, reader->BundleAt(index));
  return Attested{submission.id(), index, std::move(logged)};
}

Result<schemas::Predicate> DatasetDraft(std::string_view draft, std::string_view name,
                                        const artifact::ModelFiles& files) {
  json::Writer size;
  size.BeginObject().Member("bytes", files.total_bytes).EndObject();
  AddedFields added = {{"data", "\"" + HexEncode(files.digest.span()) + "\""},
                       {"data_basis", "\"files\""},
                       {"files", FilesJson(files.files)}};
  CARNET_TRY(const bool sized, DraftHas(draft, name, "size"));
  if (!sized) added.emplace_back("size", size.Take());
  return CompleteDraft(schemas::Kind::kDataset, draft, name, added);
}

}  // namespace carnet::pipeline
