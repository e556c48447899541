#include "crypto/public_key.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <boost/json.hpp>

#include <thread>

#include "core/base64.h"
#include "core/hex.h"
#include "crypto/random.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/pki_key.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using enum SignatureScheme;
using test::OpenSslSpki;
using test::TestHash;
using test::TestKey;
using test::TestKeyKind;

const ByteSpan kMessage = AsBytes("message");

bool IsGood(SignatureCheck check) { return check == SignatureCheck::kGood; }

PublicKey Parsed(const TestKey& key) {
  REQUIRE_VALUE(auto parsed, PublicKey::ParseSpki(key.Spki()));
  return parsed;
}

// Good as it is, bad with any byte changed, cut or added, for another message and another key.
void CheckSignature(const PublicKey& key, SignatureScheme scheme, const Bytes& signature) {
  BOOST_CHECK(IsGood(key.Verify(scheme, kMessage, signature)));
  BOOST_CHECK(!IsGood(key.Verify(scheme, AsBytes("massage"), signature)));
  for (size_t at = 0; at < signature.size(); at += 3) {
    Bytes changed = signature;
    changed[at] ^= 1;
    BOOST_CHECK_MESSAGE(!IsGood(key.Verify(scheme, kMessage, changed)), "byte " << at);
  }
  Bytes longer = signature;
  longer.push_back(0);
  BOOST_CHECK(!IsGood(key.Verify(scheme, kMessage, longer)));
  BOOST_CHECK(!IsGood(key.Verify(scheme, kMessage, ByteSpan(signature).first(8))));
  BOOST_CHECK(!IsGood(key.Verify(scheme, kMessage, {})));
}

struct Kind {
  TestKeyKind made;
  KeyKind kind;
  std::string name;
  size_t bits;
  SignatureScheme scheme;

  friend std::ostream& operator<<(std::ostream& out, const Kind& one) { return out << one.name; }
};

const Kind kKinds[] = {{TestKeyKind::kP256, KeyKind::kP256, "P-256", 256, kEcdsaSha256},
                       {TestKeyKind::kP384, KeyKind::kP384, "P-384", 384, kEcdsaSha384},
                       {TestKeyKind::kP521, KeyKind::kP521, "P-521", 521, kEcdsaSha512},
                       {TestKeyKind::kEd25519, KeyKind::kEd25519, "Ed25519", 255, kEd25519},
                       {TestKeyKind::kRsa2048, KeyKind::kRsa, "RSA-2048", 2048, kRsaPkcs1Sha256},
                       {TestKeyKind::kRsa3072, KeyKind::kRsa, "RSA-3072", 3072, kRsaPkcs1Sha256}};

// What the RFC 8032, section 7.3, gives: the one vector of Ed25519ph.
constexpr std::string_view kPhKey =
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf";
constexpr std::string_view kPhSignature =
    "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
    "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406";

Bytes Ed25519Spki(ByteSpan raw) {
  Bytes spki = HexDecode("302a300506032b6570032100").value();
  spki.insert(spki.end(), raw.begin(), raw.end());
  return spki;
}

BOOST_AUTO_TEST_SUITE(public_key)

BOOST_DATA_TEST_CASE(verifies_what_openssl_signed_and_nothing_else,
                     boost::unit_test::data::make(kKinds), one) {
  const TestKey made = TestKey::Generate(one.made);
  const PublicKey key = Parsed(made);
  BOOST_CHECK(key.kind() == one.kind);
  BOOST_CHECK_EQUAL(key.Name(), one.name);
  BOOST_CHECK_EQUAL(key.bits(), one.bits);
  BOOST_CHECK(key.default_scheme() == one.scheme);
  BOOST_CHECK(key.spki() == made.Spki());
  BOOST_CHECK(ToBytes(key.id().span()) == DigestOf(HashAlgorithm::kSha256, made.Spki()));
  CheckSignature(key, one.scheme, made.Sign(kMessage));
  const TestKey other = TestKey::Generate(one.made);
  BOOST_CHECK(!IsGood(key.Verify(one.scheme, kMessage, other.Sign(kMessage))));
  BOOST_CHECK(key == Parsed(made));
  BOOST_CHECK(!(key == Parsed(other)));
}

BOOST_DATA_TEST_CASE(refuses_a_scheme_that_does_not_fit_the_key,
                     boost::unit_test::data::make(kKinds), one) {
  const TestKey made = TestKey::Generate(one.made);
  const PublicKey key = Parsed(made);
  const Bytes signature = made.Sign(kMessage);
  for (const auto scheme : {kEcdsaSha256, kEcdsaSha384, kEcdsaSha512, kEd25519, kEd25519ph,
                            kRsaPkcs1Sha256, kRsaPssSha256}) {
    BOOST_CHECK_MESSAGE(IsGood(key.Verify(scheme, kMessage, signature)) == (scheme == one.scheme),
                        SchemeName(scheme));
    if (scheme == kEd25519) continue;
    const Bytes digest = DigestOf(HashOf(scheme), kMessage);
    BOOST_CHECK(IsGood(key.VerifyDigest(scheme, digest, signature)) == (scheme == one.scheme));
  }
}

BOOST_AUTO_TEST_CASE(verifies_a_curve_with_the_hash_of_another) {
  for (const auto kind : {TestKeyKind::kP256, TestKeyKind::kP384, TestKeyKind::kP521}) {
    const TestKey made = TestKey::Generate(kind);
    const PublicKey key = Parsed(made);
    CheckSignature(key, kEcdsaSha256, made.SignWith(TestHash::kSha256, kMessage));
    CheckSignature(key, kEcdsaSha384, made.SignWith(TestHash::kSha384, kMessage));
    CheckSignature(key, kEcdsaSha512, made.SignWith(TestHash::kSha512, kMessage));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_digest_of_another_size) {
  const TestKey made = TestKey::Generate(TestKeyKind::kP256);
  const Bytes digest = DigestOf(HashAlgorithm::kSha256, kMessage);
  const Bytes signature = made.Sign(kMessage);
  BOOST_CHECK(IsGood(Parsed(made).VerifyDigest(kEcdsaSha256, digest, signature)));
  // ECDSA takes the leftmost bits of a longer one, so that OpenSSL alone would call this good.
  Bytes longer = digest;
  longer.push_back(0);
  BOOST_CHECK(!IsGood(Parsed(made).VerifyDigest(kEcdsaSha256, longer, signature)));
  BOOST_CHECK(!IsGood(Parsed(made).VerifyDigest(kEcdsaSha256, {}, signature)));
}

BOOST_AUTO_TEST_CASE(verifies_pss_with_a_salt_of_32_bytes_only) {
  const TestKey made = TestKey::Generate(TestKeyKind::kRsa2048);
  const PublicKey key = Parsed(made);
  CheckSignature(key, kRsaPssSha256, made.SignPss(kMessage));
  BOOST_CHECK(!IsGood(key.Verify(kRsaPkcs1Sha256, kMessage, made.SignPss(kMessage))));
  BOOST_CHECK(!IsGood(key.Verify(kRsaPssSha256, kMessage, made.SignPss(kMessage, 20))));
}

// OpenSSL alone takes the number, however many bytes it is written in.
BOOST_AUTO_TEST_CASE(refuses_a_pss_signature_whose_leading_zero_is_cut_off) {
  const TestKey made = TestKey::Generate(TestKeyKind::kRsa2048);
  Bytes signature;
  do {
    signature = made.SignPss(kMessage);
  } while (signature.front() != 0);
  const PublicKey key = Parsed(made);
  BOOST_CHECK(IsGood(key.Verify(kRsaPssSha256, kMessage, signature)));
  BOOST_CHECK(!IsGood(key.Verify(kRsaPssSha256, kMessage, ByteSpan(signature).subspan(1))));
}

BOOST_AUTO_TEST_CASE(refuses_rsa_signatures_by_another_hash) {
  const TestKey made = TestKey::Generate(TestKeyKind::kRsa2048);
  BOOST_CHECK(!IsGood(
      Parsed(made).Verify(kRsaPkcs1Sha256, kMessage, made.SignWith(TestHash::kSha512, kMessage))));
}

BOOST_AUTO_TEST_CASE(verifies_the_ed25519ph_vector_of_rfc_8032) {
  REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(Ed25519Spki(HexDecode(kPhKey).value())));
  const Bytes signature = HexDecode(kPhSignature).value();
  const Bytes digest = DigestOf(HashAlgorithm::kSha512, AsBytes("abc"));
  BOOST_CHECK(IsGood(key.Verify(kEd25519ph, AsBytes("abc"), signature)));
  BOOST_CHECK(IsGood(key.VerifyDigest(kEd25519ph, digest, signature)));
  BOOST_CHECK(!IsGood(key.Verify(kEd25519ph, AsBytes("abd"), signature)));
  BOOST_CHECK(!IsGood(key.Verify(kEd25519, AsBytes("abc"), signature)));
}

// libsodium's own Ed25519ph, which takes messages, as the second implementation.
bool SodiumAccepts(ByteSpan message, ByteSpan raw, const Bytes& signature) {
  crypto_sign_state state;
  crypto_sign_init(&state);
  crypto_sign_update(&state, message.data(), message.size());
  return crypto_sign_final_verify(&state, signature.data(), raw.data()) == 0;
}

BOOST_AUTO_TEST_CASE(agrees_with_libsodium_on_ed25519ph) {
  BOOST_REQUIRE(sodium_init() >= 0);
  for (size_t round = 0; round < 40; ++round) {
    std::array<uint8_t, 32> raw;
    std::array<uint8_t, 64> secret;
    crypto_sign_keypair(raw.data(), secret.data());
    Bytes message(round * 5), signature(64);
    FillRandom(message);
    crypto_sign_state state;
    crypto_sign_init(&state);
    crypto_sign_update(&state, message.data(), message.size());
    crypto_sign_final_create(&state, signature.data(), nullptr, secret.data());
    REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(Ed25519Spki(raw)));
    BOOST_CHECK(IsGood(key.Verify(kEd25519ph, message, signature)));
    for (size_t bit = round; bit < 512; bit += 40) {
      Bytes changed = signature;
      changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      BOOST_CHECK(!SodiumAccepts(message, raw, changed));
      BOOST_CHECK(!IsGood(key.Verify(kEd25519ph, message, changed)));
    }
  }
}

// The order of the group, little-endian (RFC 8032 section 5.1).
constexpr std::string_view kOrder =
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

BOOST_AUTO_TEST_CASE(refuses_an_ed25519ph_signature_with_the_order_added_to_s) {
  Bytes signature = HexDecode(kPhSignature).value();
  sodium_add(signature.data() + 32, HexDecode(kOrder).value().data(), 32);
  REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(Ed25519Spki(HexDecode(kPhKey).value())));
  BOOST_CHECK(!IsGood(key.Verify(kEd25519ph, AsBytes("abc"), signature)));
}

// Of keys of small order every message has one signature: R = s B for any s.
BOOST_AUTO_TEST_CASE(refuses_ed25519ph_under_keys_of_small_order) {
  for (const char* raw : {"0100000000000000000000000000000000000000000000000000000000000000",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "0000000000000000000000000000000000000000000000000000000000000000"}) {
    REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(Ed25519Spki(HexDecode(raw).value())));
    Bytes signature(64);
    signature[32] = 1;
    std::array<uint8_t, 32> one{1};
    BOOST_REQUIRE(crypto_scalarmult_ed25519_base_noclamp(signature.data(), one.data()) == 0);
    for (uint8_t text = 0; text < 8; ++text) {
      BOOST_CHECK(!IsGood(key.Verify(kEd25519ph, {&text, 1}, signature)));
      BOOST_CHECK(!IsGood(key.Verify(kEd25519, {&text, 1}, signature)));
    }
  }
}

// A holder of the key can make it with r = 0: R is the neutral element, s = k a.
BOOST_AUTO_TEST_CASE(refuses_an_ed25519ph_signature_whose_r_is_neutral) {
  std::array<uint8_t, 32> raw;
  std::array<uint8_t, 64> secret, hash, wide;
  crypto_sign_keypair(raw.data(), secret.data());
  crypto_hash_sha512(hash.data(), secret.data(), 32);
  hash[0] &= 248;
  hash[31] = static_cast<uint8_t>((hash[31] & 127) | 64);
  Bytes signature(64);
  signature[0] = 1;
  Bytes hashed = ToBytes(AsBytes("SigEd25519 no Ed25519 collisions"));
  hashed.insert(hashed.end(), {1, 0});
  hashed.insert(hashed.end(), signature.begin(), signature.begin() + 32);
  hashed.insert(hashed.end(), raw.begin(), raw.end());
  const Bytes digest = DigestOf(HashAlgorithm::kSha512, kMessage);
  hashed.insert(hashed.end(), digest.begin(), digest.end());
  crypto_hash_sha512(wide.data(), hashed.data(), hashed.size());
  std::array<uint8_t, 32> k;
  crypto_core_ed25519_scalar_reduce(k.data(), wide.data());
  crypto_core_ed25519_scalar_mul(signature.data() + 32, k.data(), hash.data());
  REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(Ed25519Spki(raw)));
  BOOST_CHECK(!SodiumAccepts(kMessage, raw, signature));
  BOOST_CHECK(!IsGood(key.Verify(kEd25519ph, kMessage, signature)));
}

BOOST_AUTO_TEST_CASE(reads_rsa_keys_of_pkcs1) {
  const TestKey made = TestKey::Generate(TestKeyKind::kRsa2048);
  REQUIRE_VALUE(const auto key, PublicKey::ParseRsaPkcs1(made.Pkcs1()));
  BOOST_CHECK(key.spki() == made.Spki());
  CheckSignature(key, kRsaPkcs1Sha256, made.Sign(kMessage));
  Bytes trailing = made.Pkcs1();
  trailing.push_back(0);
  CHECK_ERROR(PublicKey::ParseRsaPkcs1(trailing), ErrorCode::kMalformed, "public key");
  CHECK_ERROR(PublicKey::ParseRsaPkcs1(made.Spki()), ErrorCode::kMalformed, "not a key");
  CHECK_ERROR(PublicKey::ParseRsaPkcs1({}), ErrorCode::kMalformed, "RSA key: no bytes");
}

BOOST_AUTO_TEST_CASE(reads_one_pem_block_with_text_before_it) {
  const TestKey made = TestKey::Generate(TestKeyKind::kP384);
  REQUIRE_VALUE(const auto key, PublicKey::ParsePem("a key\n" + made.PublicPem()));
  BOOST_CHECK(key.spki() == made.Spki());
  CHECK_ERROR(PublicKey::ParsePem(made.PublicPem() + made.PublicPem()), ErrorCode::kMalformed,
              "trailing data after the PEM block");
  CHECK_ERROR(PublicKey::ParsePem(made.Pkcs8Pem()), ErrorCode::kMalformed,
              "expected a PEM block \"PUBLIC KEY\", found \"PRIVATE KEY\"");
}

BOOST_AUTO_TEST_CASE(refuses_keys_of_other_algorithms_by_name) {
  const auto refused = [](EVP_PKEY* key) { return PublicKey::ParseSpki(OpenSslSpki(key)); };
  CHECK_ERROR(refused(EVP_EC_gen("P-224")), ErrorCode::kUnsupported, "found secp224r1");
  CHECK_ERROR(refused(EVP_EC_gen("secp256k1")), ErrorCode::kUnsupported, "found secp256k1");
  CHECK_ERROR(refused(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")), ErrorCode::kUnsupported,
              "found ED448");
  CHECK_ERROR(refused(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")), ErrorCode::kUnsupported,
              "found X25519");
}

EVP_PKEY* RsaKey(const char* algorithm, int bits, unsigned exponent) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr);
  BIGNUM* number = BN_new();
  BN_set_word(number, exponent);
  EVP_PKEY* key = nullptr;
  BOOST_REQUIRE(EVP_PKEY_keygen_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1 &&
                EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, number) == 1 &&
                EVP_PKEY_generate(context, &key) == 1);
  BN_free(number);
  EVP_PKEY_CTX_free(context);
  return key;
}

BOOST_AUTO_TEST_CASE(refuses_rsa_keys_that_are_weak_slow_or_for_pss_alone) {
  const auto refused = [](EVP_PKEY* key) { return PublicKey::ParseSpki(OpenSslSpki(key)); };
  CHECK_ERROR(refused(RsaKey("RSA", 1024, 65537)), ErrorCode::kUnsupported,
              "RSA key of 1024 bits, not 2048 to 8192");
  CHECK_ERROR(refused(RsaKey("RSA", 2047, 65537)), ErrorCode::kUnsupported, "2047 bits");
  CHECK_ERROR(refused(RsaKey("RSA-PSS", 2048, 65537)), ErrorCode::kUnsupported, "found RSA-PSS");
  REQUIRE_VALUE(const auto three, refused(RsaKey("RSA", 2048, 3)));
  BOOST_CHECK_EQUAL(three.Name(), "RSA-2048");
}

// A key with this modulus and exponent, which no generator would make.
Result<PublicKey> RsaOf(const Bytes& modulus, const Bytes& exponent) {
  const auto integer = [](Bytes bytes) {
    if (bytes.front() >= 0x80) bytes.insert(bytes.begin(), 0);
    const auto size = static_cast<uint16_t>(bytes.size());
    Bytes der{0x02, 0x82, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
    if (size < 128) der = {0x02, static_cast<uint8_t>(size)};
    der.insert(der.end(), bytes.begin(), bytes.end());
    return der;
  };
  Bytes body = integer(modulus);
  const Bytes last = integer(exponent);
  body.insert(body.end(), last.begin(), last.end());
  Bytes der{0x30, 0x82, static_cast<uint8_t>(body.size() >> 8), static_cast<uint8_t>(body.size())};
  der.insert(der.end(), body.begin(), body.end());
  return PublicKey::ParseRsaPkcs1(der);
}

BOOST_AUTO_TEST_CASE(refuses_rsa_keys_that_are_none) {
  const Bytes odd(256, 0xff);
  REQUIRE_VALUE(const auto fine, RsaOf(odd, {1, 0, 1}));
  BOOST_CHECK_EQUAL(fine.bits(), 2048u);
  Bytes even = odd;
  even.back() = 0xfe;
  CHECK_ERROR(RsaOf(even, {1, 0, 1}), ErrorCode::kMalformed, "expected an odd modulus");
  CHECK_ERROR(RsaOf(odd, {1}), ErrorCode::kMalformed, "odd exponent from 3");
  CHECK_ERROR(RsaOf(odd, {0x80, 0}), ErrorCode::kMalformed, "odd exponent from 3");
  CHECK_ERROR(RsaOf(odd, Bytes(9, 0xff)), ErrorCode::kMalformed, "odd exponent from 3 to 2^64");
  REQUIRE_VALUE(const auto largest, RsaOf(Bytes(1024, 0xff), {1, 0, 1}));
  BOOST_CHECK_EQUAL(largest.Name(), "RSA-8192");
  Bytes larger(1025, 0xff);
  larger.front() = 1;
  CHECK_ERROR(RsaOf(larger, {1, 0, 1}), ErrorCode::kUnsupported, "8193 bits");
}

EVP_PKEY* EcKeyWith(const char* curve, const char* parameter, const char* value) {
  EVP_PKEY* key = EVP_EC_gen(curve);
  BOOST_REQUIRE(EVP_PKEY_set_utf8_string_param(key, parameter, value) == 1);
  return key;
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings_of_a_curves_key) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const auto refused = [&](const char* parameter, const char* value) {
      return PublicKey::ParseSpki(OpenSslSpki(EcKeyWith(curve, parameter, value)));
    };
    CHECK_ERROR(refused(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed"),
                ErrorCode::kMalformed, "not in its one accepted encoding");
    CHECK_ERROR(refused(OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), ErrorCode::kMalformed,
                "not in its one accepted encoding");
  }
}

BOOST_DATA_TEST_CASE(refuses_damaged_keys, boost::unit_test::data::make(kKinds), one) {
  const Bytes spki = TestKey::Generate(one.made).Spki();
  Bytes changed = spki;
  changed.push_back(0);
  CHECK_ERROR(PublicKey::ParseSpki(changed), ErrorCode::kMalformed, "one accepted encoding");
  changed = spki;
  changed.pop_back();
  CHECK_ERROR(PublicKey::ParseSpki(changed), ErrorCode::kMalformed, "not a key");
  changed = spki;
  changed.back() ^= 1;
  if (spki.size() > 60 && spki.size() < 200) {
    CHECK_ERROR(PublicKey::ParseSpki(changed), ErrorCode::kMalformed, "not a point of");
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_key) {
  CHECK_ERROR(PublicKey::ParseSpki({}), ErrorCode::kMalformed, "not a key");
  CHECK_ERROR(PublicKey::ParseSpki(Bytes(44, 0x30)), ErrorCode::kMalformed, "not a key");
  CHECK_ERROR(PublicKey::ParseSpki(Bytes(2049, 0x30)), ErrorCode::kMalformed,
              "public key of 2049 bytes, more than 2048");
}

BOOST_AUTO_TEST_CASE(verifies_from_several_threads) {
  for (const auto& [kind, scheme] : {std::pair(TestKeyKind::kP256, kEcdsaSha256),
                                     std::pair(TestKeyKind::kRsa2048, kRsaPssSha256)}) {
    const TestKey made = TestKey::Generate(kind);
    const PublicKey key = Parsed(made);
    const Bytes signature = scheme == kRsaPssSha256 ? made.SignPss(kMessage) : made.Sign(kMessage);
    std::vector<int> good(4);
    std::vector<std::thread> threads;
    for (int& count : good) {
      threads.emplace_back([&, copy = key, used = scheme] {
        for (int i = 0; i < 50; ++i) count += IsGood(copy.Verify(used, kMessage, signature));
      });
    }
    for (auto& thread : threads) thread.join();
    for (int count : good) BOOST_CHECK_EQUAL(count, 50);
  }
}

// A P-384 key behind text, and the DSSE signature that the OpenSSF's tool made with it.
BOOST_AUTO_TEST_CASE(verifies_a_model_signature_of_openssf,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  const auto folder = test::VectorsFolder() / "model-signing";
  REQUIRE_VALUE(const auto key,
                PublicKey::ParsePem(test::Slurp(folder / "keys/signing-key-pub.pem")));
  BOOST_CHECK_EQUAL(key.Name(), "P-384");
  const auto bundle =
      boost::json::parse(test::Slurp(folder / "bundles/v1.1.0-elliptic-key/model.sig"));
  const auto& envelope = bundle.at("dsseEnvelope");
  const auto decoded = [](const boost::json::value& text) {
    return Base64Decode(std::string_view(text.as_string())).value();
  };
  const Bytes payload = decoded(envelope.at("payload"));
  const std::string encoding = "DSSEv1 28 application/vnd.in-toto+json " +
                               std::to_string(payload.size()) + " " + std::string(AsText(payload));
  const Bytes signature = decoded(envelope.at("signatures").at(0).at("sig"));
  BOOST_CHECK(IsGood(key.Verify(kEcdsaSha384, AsBytes(encoding), signature)));
  BOOST_CHECK(!IsGood(key.Verify(kEcdsaSha384, AsBytes(encoding + " "), signature)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
