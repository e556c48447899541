#include "crypto/ed25519.h"

#include "core/hex.h"
#include "crypto/random.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

using test::OpenSslPkcs8;
using test::OpenSslSpki;

EVP_PKEY* NewOpenSslKey() { return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); }

Bytes OpenSslSign(EVP_PKEY* key, ByteSpan message) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  BOOST_REQUIRE(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key) == 1);
  Bytes signature(64);
  size_t size = signature.size();
  BOOST_REQUIRE(EVP_DigestSign(context, signature.data(), &size, message.data(), message.size()) ==
                1);
  EVP_MD_CTX_free(context);
  return signature;
}

BOOST_AUTO_TEST_SUITE(ed25519)

BOOST_AUTO_TEST_CASE(signs_as_openssl_does) {
  for (size_t length = 0; length < 50; ++length) {
    EVP_PKEY* theirs = NewOpenSslKey();
    Bytes message(length * 7);
    FillRandom(message);
    const Bytes expected = OpenSslSign(theirs, message);
    const Bytes pkcs8 = OpenSslPkcs8(theirs);
    REQUIRE_VALUE(const auto ours, Ed25519PrivateKey::ParsePkcs8(SecretBytes::CopyOf(pkcs8)));
    BOOST_CHECK_EQUAL(HexEncode(ours.Sign(message).span()), HexEncode(expected));
    BOOST_CHECK(ours.public_key().Verify(message, expected) == SignatureCheck::kGood);
    const SecretBytes written = ours.ToPkcs8();
    BOOST_CHECK_EQUAL(HexEncode(written.Expose()), HexEncode(pkcs8));
  }
}

BOOST_AUTO_TEST_CASE(reads_and_writes_the_public_key_as_openssl_does) {
  const Bytes spki = OpenSslSpki(NewOpenSslKey());
  REQUIRE_VALUE(const auto key, Ed25519PublicKey::ParseSpki(spki));
  BOOST_CHECK_EQUAL(HexEncode(key.ToSpki()), HexEncode(spki));
  BOOST_CHECK_EQUAL(HexEncode(key.raw()), HexEncode(ByteSpan(spki).last(32)));
}

BOOST_AUTO_TEST_CASE(generates_keys_that_differ) {
  BOOST_CHECK(Ed25519PrivateKey::Generate().public_key() !=
              Ed25519PrivateKey::Generate().public_key());
}

BOOST_AUTO_TEST_CASE(refuses_signatures_of_another_length) {
  const auto key = Ed25519PrivateKey::Generate();
  const auto signature = key.Sign(AsBytes("m"));
  Bytes longer = ToBytes(signature.span());
  longer.push_back(0);
  BOOST_CHECK(key.public_key().Verify(AsBytes("m"), longer) == SignatureCheck::kBad);
  BOOST_CHECK(key.public_key().Verify(AsBytes("m"), ByteSpan(longer).first(63)) ==
              SignatureCheck::kBad);
  BOOST_CHECK(key.public_key().Verify(AsBytes("m"), {}) == SignatureCheck::kBad);
}

BOOST_AUTO_TEST_CASE(refuses_other_public_keys) {
  CHECK_ERROR(Ed25519PublicKey::FromRaw(Bytes(31)), ErrorCode::kMalformed, "31 bytes, not 32");
  CHECK_ERROR(Ed25519PublicKey::ParseSpki(OpenSslSpki(EVP_EC_gen("P-256"))),
              ErrorCode::kUnsupported, "prime256v1");
  Bytes trailing = OpenSslSpki(NewOpenSslKey());
  trailing.push_back(0);
  CHECK_ERROR(Ed25519PublicKey::ParseSpki(trailing), ErrorCode::kMalformed,
              "one accepted encoding");
  CHECK_ERROR(Ed25519PublicKey::ParseSpki(Bytes(44)), ErrorCode::kMalformed,
              "expected ED25519, found data that is not a key");
}

BOOST_AUTO_TEST_CASE(refuses_other_private_keys) {
  CHECK_ERROR(Ed25519PrivateKey::FromSeed(SecretBytes(33)), ErrorCode::kMalformed,
              "33 bytes, not 32");
  const auto refused = [](const Bytes& der) {
    return Ed25519PrivateKey::ParsePkcs8(SecretBytes::CopyOf(der));
  };
  CHECK_ERROR(refused(OpenSslPkcs8(EVP_EC_gen("P-256"))), ErrorCode::kUnsupported, "prime256v1");
  Bytes trailing = OpenSslPkcs8(NewOpenSslKey());
  trailing.push_back(0);
  CHECK_ERROR(refused(trailing), ErrorCode::kMalformed, "one accepted encoding");
  CHECK_ERROR(refused({}), ErrorCode::kMalformed, "expected ED25519, found data that is not a key");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
