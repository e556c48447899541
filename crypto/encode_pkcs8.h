// Private to crypto/: PKCS#8 DER of a private key, written straight into secret memory.
#pragma once

#include <openssl/x509.h>

#include "crypto/secret_bytes.h"

namespace carnet::crypto {

SecretBytes EncodePkcs8(const PKCS8_PRIV_KEY_INFO& info);

}  // namespace carnet::crypto
