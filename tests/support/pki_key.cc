#include "tests/support/pki_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tests/support/pki_openssl.h"

namespace carnet::test {
namespace {

EVP_PKEY* NewPkey(TestKeyKind kind) {
  switch (kind) {
    case TestKeyKind::kP256:
      return EVP_EC_gen("P-256");
    case TestKeyKind::kP384:
      return EVP_EC_gen("P-384");
    case TestKeyKind::kP521:
      return EVP_EC_gen("P-521");
    case TestKeyKind::kEd25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case TestKeyKind::kRsa2048:
      return EVP_RSA_gen(2048);
    case TestKeyKind::kRsa3072:
      return EVP_RSA_gen(3072);
  }
  return nullptr;
}

template <typename Write>
std::string PemOf(Write write) {
  const Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  Must(out != nullptr && write(out.get()) == 1, "PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

using SigningContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

Bytes SignIn(EVP_MD_CTX* context, ByteSpan message) {
  size_t size = 0;
  Must(EVP_DigestSign(context, nullptr, &size, message.data(), message.size()) == 1, "sign");
  Bytes signature(size);
  Must(EVP_DigestSign(context, signature.data(), &size, message.data(), message.size()) == 1,
       "sign");
  signature.resize(size);
  return signature;
}

Bytes SignBy(EVP_PKEY* key, const EVP_MD* md, ByteSpan message) {
  const SigningContext context(EVP_MD_CTX_new());
  Must(EVP_DigestSignInit(context.get(), nullptr, md, nullptr, key) == 1, "sign");
  return SignIn(context.get(), message);
}

}  // namespace

TestKey TestKey::FromSpki(ByteSpan der) {
  const unsigned char* at = der.data();
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
  Must(key != nullptr, "public key");
  return TestKey(std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

TestKey TestKey::Generate(TestKeyKind kind) {
  EVP_PKEY* key = NewPkey(kind);
  Must(key != nullptr, "generate");
  return TestKey(std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

Bytes TestKey::Spki() const { return DerOf(pkey(), i2d_PUBKEY); }
Bytes TestKey::Pkcs1() const { return DerOf(pkey(), i2d_PublicKey); }

std::string TestKey::PublicPem() const {
  return PemOf([&](BIO* out) { return PEM_write_bio_PUBKEY(out, pkey()); });
}

Bytes TestKey::Pkcs8() const {
  const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(pkey()));
  return DerOf(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
}

std::string TestKey::Pkcs8Pem() const {
  return PemOf([&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, pkey(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Bytes TestKey::Sign(ByteSpan message) const { return SignBy(pkey(), DefaultMd(*this), message); }

Bytes TestKey::SignWith(TestHash hash, ByteSpan message) const {
  return SignBy(pkey(), MdOf(hash), message);
}

Bytes TestKey::SignPss(ByteSpan message, int salt_bytes) const {
  const SigningContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  Must(EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, pkey()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt_bytes) == 1,
       "sign PSS");
  return SignIn(context.get(), message);
}

}  // namespace carnet::test
