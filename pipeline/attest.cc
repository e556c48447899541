#include "pipeline/attest.h"

#include <fmt/core.h>

#include <utility>

#include "artifact/covered_files.h"
#include "core/hex.h"
#include "pipeline/draft.h"
#include "pipeline/earlier_statement.h"
#include "pipeline/placeholder.h"
#include "pipeline/set_fields.h"
#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

Result<sigstore::Bundle> ReadReceipt(const ledger::Submission& submission, LeafIndex index,
                                     const ledger::Ledger& ledger) {
  CARNET_TRY(const auto reader, ledger.Read());
  return reader->BundleAt(index, submission.payload());
}

Result<Attested> Append(const ledger::Submission& submission, ledger::Ledger& ledger) {
  CARNET_TRY(const std::vector<ledger::Appended> appended, ledger.Append({&submission, 1}));
  const LeafIndex index = appended.front().index;
  auto logged = ReadReceipt(submission, index, ledger);
  if (!logged) {
    return logged.error().In(fmt::format(
        "logged as statement {} at entry {}, but its receipt could not be read (`carnet passport "
        "collect` reads it again)",
        HexEncode(submission.id().span()), index.value()));
  }
  return Attested{submission.id(), index, *std::move(logged), {}, false};
}

// Who has a certificate is its identity, and the time stamps go with it.
Result<ledger::Submission> SubmissionOf(signer::SignedStatement signed_statement,
                                        const signer::Signer& signer) {
  if (!signer.certificate().empty()) {
    return ledger::Submission::VerifyCertified(signed_statement.bundle);
  }
  const Bytes signature = signed_statement.signature();
  CARNET_TRY(ledger::Submission submission,
             ledger::Submission::VerifyParsed(std::move(signed_statement.statement), signature,
                                              signer.public_key()));
  CARNET_TRY_VOID(submission.KeepTimestamps(signed_statement.bundle.timestamps));
  return submission;
}

}  // namespace

Result<std::optional<Attested>> FindRepeated(const schemas::Predicate& draft,
                                             const signer::Signer& signer,
                                             const ledger::Ledger& ledger, const Moment& moment) {
  if (!moment.chosen) return std::optional<Attested>();
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(const auto prepared,
             signer.Prepare(draft.Clone(), {ledger.key().id(), moment.now, moment.nonce}));
  CARNET_TRY(const auto earlier, FindEarlier(*reader, prepared));
  if (!earlier) return std::optional<Attested>();
  CARNET_TRY_VOID(CheckSameContent(*earlier, prepared));
  CARNET_TRY(sigstore::Bundle bundle, reader->BundleAt(earlier->index));
  return std::optional<Attested>(
      {earlier->statement.id(), earlier->index, std::move(bundle), {}, true});
}

Result<Prepared> PrepareStatement(schemas::Predicate draft, const signer::Signer& signer,
                                  const ledger::Ledger& ledger, const Moment& moment,
                                  OnFinding on_finding,
                                  const std::optional<StatementId>& expected) {
  CARNET_TRY(const auto reader, ledger.Read());
  CARNET_TRY(auto prepared,
             signer.Prepare(std::move(draft), {ledger.key().id(), moment.now, moment.nonce}));
  Coming coming;
  if (expected) coming.emplace(*expected, nullptr);
  CARNET_TRY(auto notes, CheckStatement(prepared, *reader, moment.now, on_finding, coming));
  return Prepared{std::move(prepared), std::move(notes)};
}

Result<Attested> Attest(schemas::Predicate draft, const signer::Signer& signer,
                        ledger::Ledger& ledger, const Moment& moment,
                        const std::optional<Withheld>& withheld, OnFinding on_finding,
                        const Completion& complete) {
  if (withheld) CARNET_TRY_VOID(RefusePlaceholder("the reason to withhold it", withheld->reason));
  CARNET_TRY(auto repeated, FindRepeated(draft, signer, ledger, moment));
  if (repeated) return *std::move(repeated);
  CARNET_TRY(Prepared prepared,
             PrepareStatement(std::move(draft), signer, ledger, moment, on_finding));
  CARNET_TRY(signer::SignedStatement signed_statement, signer.Sign(std::move(prepared.statement)));
  if (complete) CARNET_TRY_VOID(complete(signed_statement));
  if (withheld) CARNET_TRY_VOID(withheld->keep(signed_statement.bundle));
  CARNET_TRY(ledger::Submission submission, SubmissionOf(std::move(signed_statement), signer));
  if (withheld) submission.Withhold(moment.now, withheld->reason);
  CARNET_TRY(Attested attested, Append(submission, ledger));
  attested.notes = std::move(prepared.notes);
  return attested;
}

Result<Attested> AppendSigned(sigstore::ParsedStatement statement, const Bytes& signature,
                              const crypto::P256PublicKey& key, ledger::Ledger& ledger) {
  CARNET_TRY(const ledger::Submission submission,
             ledger::Submission::VerifyParsed(std::move(statement), signature, key));
  return Append(submission, ledger);
}

Result<Attested> AppendBundle(const sigstore::Bundle& bundle, const crypto::P256PublicKey& key,
                              ledger::Ledger& ledger) {
  CARNET_TRY(ledger::Submission submission, ledger::Submission::Verify(bundle.envelope, key));
  CARNET_TRY_VOID(submission.KeepTimestamps(bundle.timestamps));
  return Append(submission, ledger);
}

Result<Attested> AppendCertified(const sigstore::Bundle& bundle, ledger::Ledger& ledger) {
  CARNET_TRY(const ledger::Submission submission, ledger::Submission::VerifyCertified(bundle));
  return Append(submission, ledger);
}

Result<schemas::Predicate> DatasetDraft(std::string_view draft, const DraftOrigin& origin,
                                        const artifact::ModelFiles& files) {
  CARNET_TRY(const Draft given, Draft::Parse(draft, origin));
  const bool sized = given.Find("size").has_value();
  FieldNames set_here = {"data", "data_basis", "files"};
  if (!sized) set_here.emplace_back("size");
  CARNET_TRY(schemas::Predicate dataset, given.Read(schemas::Kind::kDataset, set_here));
  auto fields = schemas::BuilderOf<wire::Dataset>(dataset);
  const artifact::CoveredFiles all(files, NotCovered());
  CARNET_CHECK(all.digest().has_value());  // a model has files
  schemas::SetDigest(fields.initData(), *all.digest());
  fields.setDataBasis(wire::DataBasis::FILES);
  SetFiles(files.files, dataset);
  if (!sized) fields.initSize().initBytes().setValue(files.total_bytes);
  return given.Complete(std::move(dataset));
}

}  // namespace carnet::pipeline
