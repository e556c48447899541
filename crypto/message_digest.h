// Private to crypto/: a hash algorithm as OpenSSL knows it.
#pragma once

#include <openssl/evp.h>

#include "crypto/digest.h"

namespace carnet::crypto {

const EVP_MD* MessageDigest(HashAlgorithm algorithm);

}  // namespace carnet::crypto
