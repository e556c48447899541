// Keys of a test's own public-key infrastructure, by OpenSSL directly: nothing of crypto/ below.
#pragma once

#include <memory>
#include <string>

#include "core/bytes.h"

struct evp_pkey_st;  // EVP_PKEY; OpenSSL's headers stay in the sources

namespace carnet::test {

enum class TestKeyKind { kP256, kP384, kP521, kEd25519, kRsa2048, kRsa3072 };
enum class TestHash { kSha256, kSha384, kSha512 };

// Copies share the key.
class TestKey {
 public:
  static TestKey Generate(TestKeyKind kind);
  // A public key, which signs nothing.
  static TestKey FromSpki(ByteSpan der);

  Bytes Spki() const;
  Bytes Pkcs1() const;  // RSAPublicKey, of RSA alone
  std::string PublicPem() const;
  Bytes Pkcs8() const;
  std::string Pkcs8Pem() const;

  // With the hash of the curve's strength; SHA-256 of RSA (PKCS#1 v1.5); Ed25519 pure.
  Bytes Sign(ByteSpan message) const;
  // Requires a kind other than kEd25519.
  Bytes SignWith(TestHash hash, ByteSpan message) const;
  // RSA-PSS with SHA-256, MGF1 with SHA-256.
  Bytes SignPss(ByteSpan message, int salt_bytes = 32) const;

  evp_pkey_st* pkey() const { return key_.get(); }

 private:
  explicit TestKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace carnet::test
