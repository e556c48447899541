#include "crypto/password_box.h"

#include <openssl/core_names.h>
#include <openssl/pkcs12.h>
#include <boost/json.hpp>

#include "core/base64.h"
#include "core/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/pem.h"
#include "crypto/sha256.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

namespace json = boost::json;
using test::OpenSslPkcs8;

struct CosignKey {
  const char* file;
  const char* password;
  const char* pkcs8_digest;
  const char* spki_digest;  // null where the box holds a bare RFC 5915 key instead

  friend std::ostream& operator<<(std::ostream& out, const CosignKey& one) {
    return out << one.file;
  }
};

// The table in the README of the vectors' folder cosign/.
constexpr CosignKey kCosignKeys[] = {
    {"encrypted-cosign-n32768.key", "hello",
     "31d9b6680168b1b34eb7df00b645f24bf66b66dffbfdcaae7723febebc60303e",
     "a6659c08b9909880c6e4bc51cab6fd7265673f67d614c20ba59a18957feb700d"},
    {"encrypted-cosign-n65536.key", "hello",
     "347f473c0d63e6439f4734ecf5f77e62c8bb1b43de9b75264b633c27bd9d337e", nullptr},
    {"encrypted-sigstore-n32768.key", "hello",
     "783bed8a6094a497ebcad1da69901bb07686c6ffd0bb04f86947f41029b57818",
     "f1057bf3c114d5486f0bdb3c702596d6154158248980d4be49f6c61fdc62c591"}};
constexpr CosignKey kKeyOfCosign3 = {
    "cosign.key", "carnet-test", "429a1513138f8085fe8309be0bae2371ee1e881c6d8802e79096b85ab99c5bf1",
    "bf013aae9ee07003d00b2418b206e140f76d96642248e1b066637da1ec197000"};

Bytes Base64Field(const json::value& object, const char* name) {
  const auto bytes = Base64Decode(object.at(name).as_string().c_str());
  BOOST_REQUIRE(bytes);
  return *bytes;
}

// What a cosign key file holds, with the key that its password leads to.
struct Box {
  Bytes sealed;
  BoxNonce nonce;
  SecretBytes key;
};

Box ReadBox(const char* file, std::string_view password) {
  const auto path = carnet::test::VectorsFolder() / "cosign" / file;
  REQUIRE_VALUE(const PemBlock block, ParsePem(carnet::test::Slurp(path)));
  const json::value root = json::parse(AsText(block.body.Expose()));
  const json::value& kdf = root.at("kdf");
  const json::value& params = kdf.at("params");
  REQUIRE_VALUE(SecretBytes key, ScryptKey(SecretBytes::CopyOf(password), Base64Field(kdf, "salt"),
                                           {params.at("N").to_number<uint64_t>(),
                                            params.at("r").to_number<uint32_t>(),
                                            params.at("p").to_number<uint32_t>()}));
  const auto nonce = BoxNonce::FromSpan(Base64Field(root.at("cipher"), "nonce"));
  BOOST_REQUIRE(nonce);
  return {Base64Field(root, "ciphertext"), *nonce, std::move(key)};
}

void CheckOpens(const CosignKey& one) {
  const Box box = ReadBox(one.file, one.password);
  REQUIRE_VALUE(const SecretBytes pkcs8, BoxOpen(box.sealed, box.nonce, box.key));
  BOOST_CHECK_EQUAL(HexEncode(Sha256Of(pkcs8.Expose()).span()), one.pkcs8_digest);
  BOOST_CHECK(BoxSeal(pkcs8, box.nonce, box.key) == box.sealed);
  if (one.spki_digest == nullptr) {
    CHECK_ERROR(P256PrivateKey::ParsePkcs8(pkcs8), ErrorCode::kMalformed, "prime256v1");
    return;
  }
  REQUIRE_VALUE(const auto key, P256PrivateKey::ParsePkcs8(pkcs8));
  BOOST_CHECK_EQUAL(HexEncode(key.public_key().id().span()), one.spki_digest);
  BOOST_CHECK_EQUAL(HexEncode(Sha256Of(key.ToPkcs8().Expose()).span()), one.pkcs8_digest);
}

Bytes OpenSslEncrypt(const Bytes& pkcs8, int rounds, const EVP_CIPHER* cipher, int hash) {
  X509_ALGOR* scheme = PKCS5_pbe2_set_iv(cipher, rounds, nullptr, 0, nullptr, hash);
  const uint8_t* at = pkcs8.data();
  PKCS8_PRIV_KEY_INFO* info =
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size()));
  X509_SIG* encrypted = PKCS8_set0_pbe("password", 8, info, scheme);
  BOOST_REQUIRE(encrypted != nullptr);
  uint8_t* der = nullptr;
  const int size = i2d_X509_SIG(encrypted, &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  X509_SIG_free(encrypted);
  PKCS8_PRIV_KEY_INFO_free(info);
  return bytes;
}

// EncryptedPrivateKeyInfo of a scheme and some bytes that nobody encrypted. Takes ownership.
Bytes WithScheme(X509_ALGOR* scheme) {
  BOOST_REQUIRE(scheme != nullptr);
  uint8_t* der = nullptr;
  const int size = i2d_X509_ALGOR(scheme, &der);
  Bytes body(der, der + size);
  OPENSSL_free(der);
  X509_ALGOR_free(scheme);
  body.insert(body.end(), {0x04, 0x10});  // OCTET STRING of 16 bytes
  body.resize(body.size() + 16);
  BOOST_REQUIRE(body.size() < 256);
  Bytes sequence{0x30, 0x81, static_cast<uint8_t>(body.size())};
  if (body.size() < 128) sequence = {0x30, static_cast<uint8_t>(body.size())};
  sequence.insert(sequence.end(), body.begin(), body.end());
  return sequence;
}

SecretBytes Password() { return SecretBytes::CopyOf("password"); }

BOOST_AUTO_TEST_SUITE(password_box)

BOOST_TEST_DECORATOR(
    *boost::unit_test::precondition(carnet::test::HasVectors("cosign/encrypted-cosign-n32768.key")))
BOOST_DATA_TEST_CASE(opens_keys_that_cosign_wrote, boost::unit_test::data::make(kCosignKeys), one) {
  CheckOpens(one);
}

BOOST_AUTO_TEST_CASE(
    opens_the_key_that_cosign_3_wrote,
    *boost::unit_test::precondition(carnet::test::HasVectors("cosign/cosign.key"))) {
  CheckOpens(kKeyOfCosign3);
}

BOOST_AUTO_TEST_CASE(refuses_a_wrong_password,
                     *boost::unit_test::precondition(
                         carnet::test::HasVectors("cosign/encrypted-cosign-n32768.key"))) {
  for (const char* password : {"hell", "hello ", ""}) {
    const Box box = ReadBox("encrypted-cosign-n32768.key", password);
    CHECK_ERROR(BoxOpen(box.sealed, box.nonce, box.key), ErrorCode::kRejected, "wrong password");
  }
}

BOOST_AUTO_TEST_CASE(refuses_any_changed_byte) {
  const SecretBytes key(32);
  const BoxNonce nonce(std::array<uint8_t, 24>{});
  const Bytes sealed = BoxSeal(SecretBytes::CopyOf("secret"), nonce, key);
  BOOST_REQUIRE_EQUAL(sealed.size(), 6u + 16u);
  for (size_t at = 0; at < sealed.size(); ++at) {
    Bytes changed = sealed;
    changed[at] ^= 0x80;
    CHECK_ERROR(BoxOpen(changed, nonce, key), ErrorCode::kRejected, "were changed");
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    CHECK_ERROR(BoxOpen(ByteSpan(sealed).first(size), nonce, key), ErrorCode::kRejected,
                "were changed");
  }
}

BOOST_AUTO_TEST_CASE(refuses_scrypt_costs_that_are_no_power_of_two) {
  CHECK_ERROR(ScryptKey(Password(), AsBytes("salt"), {1000, 8, 1}), ErrorCode::kIo, "scrypt");
}

BOOST_AUTO_TEST_CASE(encrypts_pkcs8_so_that_openssl_reads_it) {
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  REQUIRE_VALUE(const Bytes encrypted, EncryptPkcs8(SecretBytes::CopyOf(pkcs8), Password()));
  const uint8_t* at = encrypted.data();
  X509_SIG* parsed = d2i_X509_SIG(nullptr, &at, static_cast<long>(encrypted.size()));
  PKCS8_PRIV_KEY_INFO* info = PKCS8_decrypt(parsed, "password", 8);
  BOOST_REQUIRE(info != nullptr);
  BOOST_CHECK(OpenSslPkcs8(EVP_PKCS82PKEY(info)) == pkcs8);
  PKCS8_PRIV_KEY_INFO_free(info);
  X509_SIG_free(parsed);
  REQUIRE_VALUE(const SecretBytes decrypted, DecryptPkcs8(encrypted, Password()));
  BOOST_CHECK_EQUAL(HexEncode(decrypted.Expose()), HexEncode(pkcs8));
  CHECK_ERROR(DecryptPkcs8(encrypted, SecretBytes::CopyOf("passwort")), ErrorCode::kRejected,
              "wrong password");
}

BOOST_AUTO_TEST_CASE(decrypts_what_openssl_encrypted) {
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  for (const EVP_CIPHER* cipher : {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc()}) {
    for (const int hash : {NID_hmacWithSHA1, NID_hmacWithSHA256, NID_hmacWithSHA512}) {
      const Bytes encrypted = OpenSslEncrypt(pkcs8, 2048, cipher, hash);
      REQUIRE_VALUE(const SecretBytes decrypted, DecryptPkcs8(encrypted, Password()));
      BOOST_CHECK_EQUAL(HexEncode(decrypted.Expose()), HexEncode(pkcs8));
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_schemes_before_it_spends_time_on_them) {
  const EVP_CIPHER* aes = EVP_aes_256_cbc();
  const auto refused = [](X509_ALGOR* scheme) {
    return DecryptPkcs8(WithScheme(scheme), Password());
  };
  CHECK_ERROR(refused(PKCS5_pbe2_set_iv(aes, 10'000'001, nullptr, 16, nullptr, -1)),
              ErrorCode::kUnsupported, "10000001 rounds");
  CHECK_ERROR(refused(PKCS5_pbe2_set_iv(aes, 2'000'000'000, nullptr, 16, nullptr, -1)),
              ErrorCode::kUnsupported, "rounds");
  CHECK_ERROR(refused(PKCS5_pbe2_set_iv(aes, 2048, nullptr, 16, nullptr, NID_hmacWithMD5)),
              ErrorCode::kUnsupported, "hash");
  CHECK_ERROR(refused(PKCS5_pbe2_set_iv(EVP_des_ede3_cbc(), 2048, nullptr, 64, nullptr, -1)),
              ErrorCode::kUnsupported, "AES-CBC");
  CHECK_ERROR(refused(PKCS5_pbe2_set_scrypt(aes, nullptr, 16, nullptr, 1 << 14, 8, 1)),
              ErrorCode::kUnsupported, "PBKDF2");
  CHECK_ERROR(refused(PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2048, nullptr, 100)),
              ErrorCode::kUnsupported, "PBES2");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_encrypted_pkcs8) {
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
  CHECK_ERROR(DecryptPkcs8({}, Password()), ErrorCode::kMalformed, "not PKCS#8");
  CHECK_ERROR(DecryptPkcs8(pkcs8, Password()), ErrorCode::kMalformed, "not PKCS#8");
  Bytes trailing = OpenSslEncrypt(pkcs8, 2048, EVP_aes_256_cbc(), NID_hmacWithSHA256);
  trailing.push_back(0);
  CHECK_ERROR(DecryptPkcs8(trailing, Password()), ErrorCode::kMalformed, "not PKCS#8");
  CHECK_ERROR(DecryptPkcs8(Bytes(100'000), Password()), ErrorCode::kMalformed, "not PKCS#8");
  CHECK_ERROR(EncryptPkcs8(SecretBytes::CopyOf("no key"), Password()), ErrorCode::kMalformed,
              "not PKCS#8");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
