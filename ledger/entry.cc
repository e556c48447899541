#include "ledger/entry.h"

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "ledger/submission.h"
#include "merkle/hasher.h"
#include "sigstore/dsse.h"
#include "sigstore/hashedrekord.h"

namespace carnet::ledger {

Result<NewEntry> MakeEntry(const Submission& submission) {
  const std::string body =
      sigstore::WriteHashedRekord(submission.id(), submission.signature(), submission.spki());
  if (body.size() > kMaxLeafBytes)
    return Rejected(fmt::format("entry: {} bytes, the limit is {}", body.size(), kMaxLeafBytes));
  return NewEntry{schemas::EncodeStored({submission.payload(), submission.signature(),
                                         submission.spki(), submission.signer()}),
                  merkle::HashLeaf(AsBytes(body))};
}

Result<OpenedEntry> OpenEntry(ByteSpan row) {
  auto stored = schemas::DecodeStored(row);
  if (!stored) return Corruption(stored.error().message);
  if (stored->signer != SignerId(Retag<KeyId>(crypto::Sha256Of(stored->spki))))
    return Corruption("signer does not match the stored key");
  const StatementId id = sigstore::StatementIdOf(stored->payload);
  std::string body = sigstore::WriteHashedRekord(id, stored->signature, stored->spki);
  const LeafHash leaf = merkle::HashLeaf(AsBytes(body));
  return OpenedEntry{std::move(*stored), id, std::move(body), leaf};
}

}  // namespace carnet::ledger
