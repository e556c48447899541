#include "ledger/index.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "ledger/store.h"

namespace carnet::ledger {
namespace {

std::vector<SignerId> AuthorisedSigners(const SignerId& signer, const IndexTerms& terms) {
  std::vector<SignerId> signers = {signer};
  for (const SignerId& recorder : terms.recorders)
    if (std::find(signers.begin(), signers.end(), recorder) == signers.end())
      signers.push_back(recorder);
  return signers;
}

}  // namespace

void ForEachOwnRow(const StatementId& id, const SignerId& signer, const IndexTerms& terms,
                   LeafIndex index, const RowSink& put) {
  for (const SubjectDigest& subject : terms.subjects) put(SubjectKey(subject, index), {});
  put(SignerKey(signer, index), {});
  for (const StatementId& target : terms.references) put(ReferrerKey(target, index), {});
  for (const ModelDigest& model : terms.parent_models) put(FromModelKey(model, index), {});
  if (terms.kind == schemas::Kind::kRun)
    put(RecordersKey(id), EncodeRecorders(AuthorisedSigners(signer, terms)));
  if (!schemas::HasHead(terms.kind)) put(DedupKey(id, signer), EncodeIndex(index));
}

Result<std::optional<LeafIndex>> PendingIndex::Place(const Indexed& attestation, LeafIndex next) {
  CARNET_TRY(const auto duplicate, FindDuplicate(attestation));
  if (duplicate) return duplicate;
  CARNET_TRY_VOID(PlaceRunMember(attestation, next));
  CARNET_TRY_VOID(PlacePassport(attestation, next));
  const IndexTerms& terms = attestation.terms;
  CARNET_TRY_VOID(PlaceStatement(attestation, next));
  ForEachOwnRow(attestation.id, attestation.signer, terms, next,
                [this](std::string key, std::string value) {
                  const RowClass row_class = *RowClassOf(key);
                  if (row_class == RowClass::kRecorders || row_class == RowClass::kDedup)
                    return Put(std::move(key), std::move(value));
                  batch_.Put(std::move(key), std::move(value));
                });
  return std::optional<LeafIndex>();
}

Result<std::optional<LeafIndex>> PendingIndex::FindDuplicate(const Indexed& attestation) const {
  if (!schemas::HasHead(attestation.terms.kind))
    return FindIndex(DedupKey(attestation.id, attestation.signer));
  const std::string key = StatementKey(attestation.id);
  CARNET_TRY(const auto value, Find(key));
  if (!value) return std::optional<LeafIndex>();
  const auto statement = DecodeStatement(AsBytes(*value));
  if (!statement) return store_.InRow(key, statement.error());
  return std::optional<LeafIndex>(statement->index);
}

Result<> PendingIndex::PlaceStatement(const Indexed& attestation, LeafIndex next) {
  const IndexTerms& terms = attestation.terms;
  std::string key = StatementKey(attestation.id);
  if (!schemas::HasHead(terms.kind)) {  // perhaps logged already by another signer
    CARNET_TRY(const auto recorded, Find(key));
    if (recorded) return Ok();
  }
  Put(std::move(key), EncodeStatement({terms.kind, next, terms.references}));
  return Ok();
}

Result<> PendingIndex::PlaceRunMember(const Indexed& attestation, LeafIndex next) {
  const IndexTerms& terms = attestation.terms;
  if (!terms.run) return Ok();
  CARNET_TRY(const bool may_sign, MaySignFor(*terms.run, attestation.signer));
  if (!may_sign) return Ok();
  const bool is_segment = terms.kind == schemas::Kind::kSegment;
  std::string key =
      is_segment ? SegmentKey({*terms.run, terms.lane, terms.seq}) : CompletionKey(*terms.run);
  CARNET_TRY(const auto recorded, FindIndex(key));
  if (recorded) {
    const std::string what =
        is_segment ? fmt::format("segment (lane {}, seq {})", terms.lane, terms.seq) : "completion";
    return Conflict(fmt::format("a second {} of run {}: the first is entry {}", what,
                                HexEncode(terms.run->span()), recorded->value()));
  }
  Put(std::move(key), EncodeIndex(next));
  return Ok();
}

Result<> PendingIndex::PlacePassport(const Indexed& attestation, LeafIndex next) {
  const IndexTerms& terms = attestation.terms;
  if (!terms.model) return Ok();
  std::string key = PassportKey(attestation.signer, *terms.model);
  CARNET_TRY(const auto recorded, FindIndex(key));
  if (!recorded) {
    Put(std::move(key), EncodeIndex(next));
    return Ok();
  }
  if (terms.supersedes) return Ok();
  return Conflict(
      fmt::format("a second passport of model {} without `supersedes`: the first is entry {}",
                  HexEncode(terms.model->span()), recorded->value()));
}

// A stranger's statement, or anyone's while the run is not logged, is logged but not in the run's
// index.
Result<bool> PendingIndex::MaySignFor(const StatementId& run, const SignerId& signer) {
  if (!last_run_ || last_run_->id != run) {
    const std::string key = RecordersKey(run);
    CARNET_TRY(const auto value, Find(key));
    if (!value) return false;
    auto signers = DecodeRecorders(AsBytes(*value));
    if (!signers) return store_.InRow(key, signers.error());
    last_run_ = RunSigners{run, *std::move(signers)};
  }
  const std::vector<SignerId>& signers = last_run_->signers;
  return std::find(signers.begin(), signers.end(), signer) != signers.end();
}

Result<std::optional<std::string>> PendingIndex::Find(const std::string& key) const {
  if (const auto found = call_.find(key); found != call_.end())
    return std::optional<std::string>(found->second);
  if (const auto found = kept_.find(key); found != kept_.end())
    return std::optional<std::string>(found->second);
  return store_.Get(key);
}

Result<std::optional<LeafIndex>> PendingIndex::FindIndex(const std::string& key) const {
  CARNET_TRY(const auto value, Find(key));
  if (!value) return std::optional<LeafIndex>();
  const auto index = DecodeIndex(AsBytes(*value));
  if (!index) return store_.InRow(key, index.error());
  return std::optional<LeafIndex>(*index);
}

void PendingIndex::Put(std::string key, std::string value) {
  batch_.Put(key, value);
  call_.insert_or_assign(std::move(key), std::move(value));
}

void PendingIndex::KeepCall() {
  kept_.merge(call_);
  call_.clear();
}

void PendingIndex::DropCall() {
  call_.clear();
  last_run_.reset();
}

}  // namespace carnet::ledger
