#include "pipeline/attest.h"

#include <utility>

#include "pipeline/draft.h"
#include "pipeline/set_fields.h"
#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

Result<Attested> Append(const ledger::Submission& submission, ledger::Ledger& ledger) {
  CARNET_TRY(const std::vector<ledger::Appended> appended, ledger.Append({&submission, 1}));
  const LeafIndex index = appended.front().index;
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(sigstore::Bundle logged, reader->BundleAt(index));
  return Attested{submission.id(), index, std::move(logged)};
}

}  // namespace

Result<Attested> Attest(schemas::Predicate draft, const signer::Signer& signer,
                        ledger::Ledger& ledger, const Moment& moment) {
  CARNET_TRY(signer::SignedStatement signed_statement,
             signer.SignPredicate(std::move(draft), {ledger.key().id(), moment.now, moment.nonce}));
  const Bytes signature = signed_statement.signature();
  return AppendSigned(std::move(signed_statement.statement), signature, signer.public_key(),
                      ledger);
}

Result<Attested> AppendSigned(sigstore::ParsedStatement statement, const Bytes& signature,
                              const crypto::P256PublicKey& key, ledger::Ledger& ledger) {
  CARNET_TRY(const ledger::Submission submission,
             ledger::Submission::VerifyParsed(std::move(statement), signature, key));
  return Append(submission, ledger);
}

Result<Attested> AppendBundle(const sigstore::Bundle& bundle, const crypto::P256PublicKey& key,
                              ledger::Ledger& ledger) {
  CARNET_TRY(const ledger::Submission submission, ledger::Submission::Verify(bundle.envelope, key));
  return Append(submission, ledger);
}

Result<schemas::Predicate> DatasetDraft(std::string_view draft, std::string_view name,
                                        const artifact::ModelFiles& files) {
  CARNET_TRY(const Draft given, Draft::Parse(draft, name));
  const bool sized = given.Find("size").has_value();
  FieldNames set_here = {"data", "data_basis", "files"};
  if (!sized) set_here.emplace_back("size");
  CARNET_TRY(schemas::Predicate dataset, given.Read(schemas::Kind::kDataset, set_here));
  auto fields = schemas::BuilderOf<wire::Dataset>(dataset);
  schemas::SetDigest(fields.initData(), files.digest);
  fields.setDataBasis(wire::DataBasis::FILES);
  SetFiles(files.files, dataset);
  if (!sized) fields.initSize().initBytes().setValue(files.total_bytes);
  return given.Complete(std::move(dataset));
}

}  // namespace carnet::pipeline
