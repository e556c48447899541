#include "signer/prepare_only_key.h"

namespace carnet::signer {

Result<Bytes> PrepareOnlyKey::SignDigest(const Sha256Digest& /*digest*/) const {
  return Unsupported("a public key signs nothing");
}

Result<Sha256Digest> PrepareOnlyKey::Derive(ByteSpan /*context*/) const {
  return Unsupported("no nonce follows from a public key: choose one with --nonce");
}

}  // namespace carnet::signer
