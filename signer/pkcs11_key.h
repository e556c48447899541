// Attestation keys in PKCS#11 tokens (v2.40): smart cards, USB tokens, hardware security modules.
// The private key stays there; a digest goes in and a signature comes out.
#pragma once

#include <memory>

#include "core/result.h"
#include "signer/attestation_key.h"
#include "signer/file_key.h"
#include "signer/pkcs11_uri.h"

namespace carnet::signer {

// The one private key that the URI describes, on P-256, and its public half from the token's public
// key or certificate of the same id (or label, where there is no id). `pin` is called where the
// token wants a PIN and the URI names no file for it. Errors: not_found (token or key), rejected
// (several match, a wrong PIN), unsupported (no module, another kind of key), io; those of the
// provider.
Result<std::unique_ptr<AttestationKey>> OpenPkcs11Key(const Pkcs11Uri& uri,
                                                      const PasswordProvider& pin);

}  // namespace carnet::signer
