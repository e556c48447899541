// AttestationKey: where the private half of an attestation key is, and how it is asked to sign. In
// a file (file_key.h), in a PKCS#11 token (pkcs11_key.h), or behind a command (exec_key.h). What it
// signed is not believed: Signer verifies each signature. Const methods are thread safe.
#pragma once

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/ecdsa.h"

namespace carnet::signer {

class AttestationKey {
 public:
  AttestationKey() = default;
  AttestationKey(const AttestationKey&) = delete;
  AttestationKey& operator=(const AttestationKey&) = delete;
  virtual ~AttestationKey() = default;

  virtual const crypto::P256PublicKey& public_key() const = 0;

  // DER signature over the digest. Errors: io (a token that was pulled out, a command that failed).
  virtual Result<Bytes> SignDigest(const Sha256Digest& digest) const = 0;

  // The same for the same context, and nobody without the key can compute it. Errors: unsupported
  // where only signatures can be had, which are another each time.
  virtual Result<Sha256Digest> Derive(ByteSpan context) const = 0;
};

}  // namespace carnet::signer
