// Keys and signatures made by OpenSSL directly: the second implementation that ours is held
// against. (OpenSSL's ECDSA is below ours as well; there the Wycheproof cases judge both.)
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/bytes.h"
#include "tests/support/test.h"

namespace carnet::test {

// Takes ownership of the key.
inline Bytes OpenSslSpki(EVP_PKEY* key) {
  BOOST_REQUIRE(key != nullptr);
  uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  BOOST_REQUIRE(size > 0);
  Bytes spki(der, der + size);
  OPENSSL_free(der);
  EVP_PKEY_free(key);
  return spki;
}

// Takes ownership of the key.
inline Bytes OpenSslPkcs8(EVP_PKEY* key) {
  BOOST_REQUIRE(key != nullptr);
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
  uint8_t* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
  BOOST_REQUIRE(size > 0);
  Bytes pkcs8(der, der + size);
  OPENSSL_free(der);
  PKCS8_PRIV_KEY_INFO_free(info);
  EVP_PKEY_free(key);
  return pkcs8;
}

}  // namespace carnet::test
