#include "pipeline/attest.h"

#include <array>

#include "api/record_state.h"
#include "api/time.h"
#include "core/hex.h"
#include "crypto/random.h"
#include "pipeline/draft.h"
#include "sigstore/bundle.h"

namespace carnet {
namespace {

constexpr std::string_view kDraftName = "draft";  // in messages

Result<schemas::Predicate> ReadDraft(std::string_view kind_name, std::string_view draft,
                                     const std::optional<Model>& files) {
  const auto kind = schemas::ParseKindName(kind_name);
  if (!kind || *kind == schemas::Kind::kVerdict) {
    return Malformed("kind: \"" + std::string(kind_name) + "\" cannot be attested");
  }
  if (!files) return pipeline::ReadWholeDraft(*kind, draft, kDraftName);
  if (*kind != schemas::Kind::kDataset) return Malformed("files are allowed only for a data set");
  return pipeline::DatasetDraft(draft, kDraftName, Internals::StateOf(*files).read);
}

}  // namespace

namespace api {

Result<pipeline::Moment> MomentOf(Time now, std::string_view nonce) {
  CARNET_TRY(const TimestampMs moment, TimestampOf(now));
  if (!nonce.empty()) return pipeline::Moment{moment, std::string(nonce), true};
  std::array<uint8_t, 16> drawn{};
  crypto::FillRandom(drawn);
  return pipeline::Moment{moment, HexEncode(drawn), false};
}

}  // namespace api

Result<Attestation> Attest(const Ledger& ledger, const Key& key, std::string_view kind,
                           std::string_view draft, Time now, std::string_view nonce,
                           const std::optional<Model>& files) {
  CARNET_TRY(schemas::Predicate predicate, ReadDraft(kind, draft, files));
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, nonce));
  CARNET_TRY(const pipeline::Attested attested,
             pipeline::Attest(std::move(predicate), *Internals::StateOf(key).signer,
                              *Internals::StateOf(ledger).ledger, moment));
  return Attestation{HexEncode(attested.id.span()), attested.index.value(),
                     sigstore::WriteBundle(attested.bundle)};
}

}  // namespace carnet
