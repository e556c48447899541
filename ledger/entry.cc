#include "ledger/entry.h"

#include <fmt/core.h>

#include "core/utf8.h"
#include "crypto/sha256.h"
#include "ledger/submission.h"
#include "merkle/hasher.h"
#include "sigstore/dsse.h"
#include "sigstore/hashedrekord.h"
#include "sigstore/signer_certificate.h"

namespace carnet::ledger {
namespace {

std::variant<Bytes, schemas::Absence> ContentOf(const Submission& submission) {
  if (submission.withheld()) return *submission.withheld();
  return submission.payload();
}

Result<SignerId> SignerIn(const schemas::StoredAttestation& stored) {
  if (stored.certificate.empty()) return SignerId(Retag<KeyId>(crypto::Sha256Of(stored.spki)));
  const auto read = sigstore::ReadSignerCertificate(stored.certificate);
  if (!read) return Corruption("stored certificate: " + read.error().message);
  return read->signer;
}

}  // namespace

Result<NewEntry> MakeEntry(const Submission& submission) {
  const std::string body = sigstore::WriteHashedRekord(
      {submission.id(), submission.signature(), submission.spki(), submission.certificate()});
  if (body.size() > kMaxLeafBytes)
    return Rejected(fmt::format("entry: {} bytes, the limit is {}", body.size(), kMaxLeafBytes));
  return NewEntry{schemas::EncodeStored({submission.id(), submission.signature(), submission.spki(),
                                         submission.signer(), ContentOf(submission),
                                         submission.certificate(), submission.timestamps()}),
                  merkle::HashLeaf(AsBytes(body))};
}

Result<OpenedEntry> OpenEntry(ByteSpan row) {
  auto stored = schemas::DecodeStored(row);
  if (!stored) return Corruption(stored.error().message);
  CARNET_TRY(const SignerId signer, SignerIn(*stored));
  if (stored->signer != signer) {
    return Corruption(stored->certificate.empty() ? "signer does not match the stored key"
                                                  : "signer does not match the stored certificate");
  }
  const auto* payload = std::get_if<Bytes>(&stored->content);
  if (payload != nullptr && sigstore::StatementIdOf(*payload) != stored->statement)
    return Corruption("payload does not match the stored statement id");
  std::string body = sigstore::WriteHashedRekord(
      {stored->statement, stored->signature, stored->spki, stored->certificate});
  const LeafHash leaf = merkle::HashLeaf(AsBytes(body));
  return OpenedEntry{std::move(*stored), std::move(body), leaf};
}

Result<IndexTerms> TermsOf(const OpenedEntry& entry) {
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.stored.content))
    return DecodeTerms(absence->terms);
  return ReadIndexTerms(std::get<Bytes>(entry.stored.content), entry.stored.signer);
}

Error IsAbsent(const schemas::Absence& absence) {
  const bool erased = absence.cause == schemas::AbsenceCause::kErased;
  return NotFound(fmt::format("its text is {} since {}: {}", erased ? "erased" : "withheld",
                              FormatTimestamp(absence.since),
                              Printable(absence.reason, schemas::kMaxReasonBytes)));
}

}  // namespace carnet::ledger
