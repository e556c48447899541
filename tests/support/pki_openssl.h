// Private to tests/support/pki_*.cc: OpenSSL's handles owned, its failures ended with a message.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "core/bytes.h"
#include "tests/support/pki_key.h"
#include "tests/support/value_of.h"

namespace carnet::test {

inline void Must(bool done, const char* what) {
  if (!done) GiveUp(std::string("OpenSSL: ") + what);
}

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

template <typename T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

using OwnedCertificate = Owned<X509, X509_free>;
using OwnedInteger = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using OwnedObject = Owned<ASN1_OBJECT, ASN1_OBJECT_free>;

// The DER of `value` by an i2d function.
template <typename T, typename Encode>
Bytes DerOf(T* value, Encode encode) {
  unsigned char* der = nullptr;
  const int size = encode(value, &der);
  Must(size > 0, "encode");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

inline const EVP_MD* MdOf(TestHash hash) {
  return hash == TestHash::kSha256   ? EVP_sha256()
         : hash == TestHash::kSha384 ? EVP_sha384()
                                     : EVP_sha512();
}

inline Bytes HashWith(TestHash hash, ByteSpan bytes) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  Must(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, MdOf(hash), nullptr) == 1,
       "digest");
  digest.resize(size);
  return digest;
}

// The hash that goes with the key; null for Ed25519.
inline const EVP_MD* DefaultMd(const TestKey& key) {
  if (EVP_PKEY_is_a(key.pkey(), "ED25519") == 1) return nullptr;
  const int bits = EVP_PKEY_get_bits(key.pkey());
  if (EVP_PKEY_is_a(key.pkey(), "EC") != 1 || bits == 256) return EVP_sha256();
  return bits == 384 ? EVP_sha384() : EVP_sha512();
}

inline OwnedCertificate CertificateOf(ByteSpan der) {
  const unsigned char* at = der.data();
  OwnedCertificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  Must(certificate != nullptr, "certificate");
  return certificate;
}

}  // namespace carnet::test
