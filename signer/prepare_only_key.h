// PrepareOnlyKey: the public half of an attestation key, where the private one is with whoever
// signs by another tool: for statements that are prepared and not signed here. Thread safe.
#pragma once

#include "signer/attestation_key.h"

namespace carnet::signer {

class PrepareOnlyKey final : public AttestationKey {
 public:
  explicit PrepareOnlyKey(crypto::P256PublicKey key) : key_(std::move(key)) {}

  const crypto::P256PublicKey& public_key() const override { return key_; }
  // Errors, always: unsupported.
  Result<Bytes> SignDigest(const Sha256Digest& digest) const override;
  Result<Sha256Digest> Derive(ByteSpan context) const override;

 private:
  crypto::P256PublicKey key_;
};

}  // namespace carnet::signer
