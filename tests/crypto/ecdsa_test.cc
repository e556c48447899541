#include "crypto/ecdsa.h"

#include <openssl/core_names.h>

#include <thread>

#include "core/hex.h"
#include "crypto/pem.h"
#include "crypto/sha256.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using test::OpenSslPkcs8;
using test::OpenSslSpki;

Bytes P256Spki() { return OpenSslSpki(EVP_EC_gen("P-256")); }

Bytes With(Bytes bytes, size_t at, uint8_t value) {
  bytes.at(at) = value;
  return bytes;
}

EVP_PKEY* KeyWith(const char* parameter, const char* value) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  BOOST_REQUIRE(EVP_PKEY_set_utf8_string_param(key, parameter, value) == 1);
  return key;
}

BOOST_AUTO_TEST_SUITE(ecdsa)

BOOST_AUTO_TEST_CASE(verifies_what_it_signed_and_nothing_else) {
  const auto key = P256PrivateKey::Generate();
  const auto other = P256PrivateKey::Generate();
  const Bytes signature = key.Sign(AsBytes("message"));
  BOOST_CHECK(key.public_key().Verify(AsBytes("message"), signature) == SignatureCheck::kGood);
  BOOST_CHECK(key.public_key().VerifyDigest(Sha256Of("message"), signature) ==
              SignatureCheck::kGood);
  BOOST_CHECK(key.public_key().Verify(AsBytes("massage"), signature) == SignatureCheck::kBad);
  BOOST_CHECK(other.public_key().Verify(AsBytes("message"), signature) == SignatureCheck::kBad);
  for (size_t at = 0; at < signature.size(); ++at) {
    const Bytes changed = With(signature, at, signature[at] ^ 1);
    BOOST_CHECK(key.public_key().Verify(AsBytes("message"), changed) == SignatureCheck::kBad);
  }
}

BOOST_AUTO_TEST_CASE(verifies_from_several_threads) {
  const auto key = P256PrivateKey::Generate();
  const Bytes signature = key.Sign(AsBytes("message"));
  std::vector<int> good(4);
  std::vector<std::thread> threads;
  for (int& count : good) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto answer = key.public_key().Verify(AsBytes("message"), signature);
        count += answer == SignatureCheck::kGood ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (int count : good) BOOST_CHECK_EQUAL(count, 50);
}

BOOST_AUTO_TEST_CASE(reads_the_keys_that_openssl_writes) {
  const Bytes spki = P256Spki();
  BOOST_REQUIRE_EQUAL(spki.size(), 91u);
  REQUIRE_VALUE(const auto key, P256PublicKey::ParseSpki(spki));
  BOOST_CHECK(key.spki() == spki);
  BOOST_CHECK(HexEncode(key.id().span()) == HexEncode(Sha256Of(spki).span()));
}

BOOST_AUTO_TEST_CASE(names_cosigns_key_as_cosign_does,
                     *boost::unit_test::precondition(test::HasVectors("cosign/cosign.pub"))) {
  const auto path = test::VectorsFolder() / "cosign" / "cosign.pub";
  REQUIRE_VALUE(const PemBlock block, ParsePem(test::Slurp(path)));
  REQUIRE_VALUE(const auto key, P256PublicKey::ParseSpki(block.body.Expose()));
  BOOST_CHECK_EQUAL(HexEncode(key.id().span()),
                    "bf013aae9ee07003d00b2418b206e140f76d96642248e1b066637da1ec197000");
}

BOOST_AUTO_TEST_CASE(refuses_public_keys_of_other_algorithms_by_name) {
  const auto refused = [](EVP_PKEY* key) { return P256PublicKey::ParseSpki(OpenSslSpki(key)); };
  CHECK_ERROR(refused(EVP_EC_gen("P-384")), ErrorCode::kUnsupported, "secp384r1");
  CHECK_ERROR(refused(EVP_EC_gen("secp256k1")), ErrorCode::kUnsupported, "secp256k1");
  CHECK_ERROR(refused(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), ErrorCode::kUnsupported,
              "ED25519");
  CHECK_ERROR(refused(EVP_RSA_gen(1024)), ErrorCode::kUnsupported, "RSA");
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings_of_a_p256_key) {
  const Bytes compressed =
      OpenSslSpki(KeyWith(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed"));
  CHECK_ERROR(P256PublicKey::ParseSpki(compressed), ErrorCode::kMalformed, "one accepted encoding");
  const Bytes explicit_curve = OpenSslSpki(KeyWith(OSSL_PKEY_PARAM_EC_ENCODING, "explicit"));
  CHECK_ERROR(P256PublicKey::ParseSpki(explicit_curve), ErrorCode::kMalformed,
              "one accepted encoding");
  Bytes trailing = P256Spki();
  trailing.push_back(0);
  CHECK_ERROR(P256PublicKey::ParseSpki(trailing), ErrorCode::kMalformed, "one accepted encoding");
  Bytes truncated = P256Spki();
  truncated.pop_back();
  CHECK_ERROR(P256PublicKey::ParseSpki(truncated), ErrorCode::kMalformed,
              "expected prime256v1, found data that is not a key");
  CHECK_ERROR(P256PublicKey::ParseSpki({}), ErrorCode::kMalformed,
              "expected prime256v1, found data that is not a key");
  CHECK_ERROR(P256PublicKey::ParseSpki(Bytes(20'000, 0x30)), ErrorCode::kMalformed,
              "expected prime256v1, found data that is not a key");
}

BOOST_AUTO_TEST_CASE(refuses_a_point_off_the_curve) {
  const Bytes spki = P256Spki();
  CHECK_ERROR(P256PublicKey::ParseSpki(With(spki, 90, spki[90] ^ 1)), ErrorCode::kMalformed,
              "public key is not a point of prime256v1");
}

BOOST_AUTO_TEST_CASE(reads_and_writes_pkcs8_as_openssl_does) {
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  REQUIRE_VALUE(const auto key, P256PrivateKey::ParsePkcs8(SecretBytes::CopyOf(pkcs8)));
  const SecretBytes written = key.ToPkcs8();
  BOOST_CHECK_EQUAL(HexEncode(written.Expose()), HexEncode(pkcs8));
  BOOST_CHECK(key.public_key().Verify(AsBytes("m"), key.Sign(AsBytes("m"))) ==
              SignatureCheck::kGood);
}

BOOST_AUTO_TEST_CASE(refuses_private_keys_of_other_algorithms_by_name) {
  const auto refused = [](EVP_PKEY* key) {
    return P256PrivateKey::ParsePkcs8(SecretBytes::CopyOf(OpenSslPkcs8(key)));
  };
  CHECK_ERROR(refused(EVP_EC_gen("P-384")), ErrorCode::kUnsupported, "secp384r1");
  CHECK_ERROR(refused(EVP_RSA_gen(1024)), ErrorCode::kUnsupported, "RSA");
  CHECK_ERROR(refused(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), ErrorCode::kUnsupported,
              "ED25519");
}

BOOST_AUTO_TEST_CASE(refuses_damaged_private_keys) {
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  Bytes trailing = pkcs8;
  trailing.push_back(0);
  CHECK_ERROR(P256PrivateKey::ParsePkcs8(SecretBytes::CopyOf(trailing)), ErrorCode::kMalformed,
              "private key");
  Bytes truncated = pkcs8;
  truncated.pop_back();
  CHECK_ERROR(P256PrivateKey::ParsePkcs8(SecretBytes::CopyOf(truncated)), ErrorCode::kMalformed,
              "private key");
}

BOOST_AUTO_TEST_CASE(refuses_a_private_key_with_the_public_half_of_another) {
  constexpr size_t kPointBytes = 65;  // at the end of the encoding
  Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  const Bytes other = OpenSslPkcs8(EVP_EC_gen("P-256"));
  std::copy(other.end() - kPointBytes, other.end(), pkcs8.end() - kPointBytes);
  CHECK_ERROR(P256PrivateKey::ParsePkcs8(SecretBytes::CopyOf(pkcs8)), ErrorCode::kMalformed,
              "do not agree");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
