// SEC 1 private keys (RFC 5915), the form of `openssl ecparam -genkey`: PEM label "EC PRIVATE KEY".
#pragma once

#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

// The same key as PKCS#8, whatever its curve. Errors: malformed.
Result<SecretBytes> Sec1ToPkcs8(ByteSpan der);

// Whether a PEM text's block has the headers with which OpenSSL encrypts it (RFC 1421's
// `Proc-Type`, and `DEK-Info`).
bool IsEncryptedPem(std::string_view pem);

// The SEC 1 DER of such a block with the label "EC PRIVATE KEY". The password is hashed once (MD5),
// and nothing but the DER inside shows whether it was right: a form to read, never to write.
// Errors: malformed, rejected (wrong password), unsupported (cipher).
Result<SecretBytes> DecryptSec1Pem(std::string_view pem, const SecretBytes& password);

}  // namespace carnet::crypto
