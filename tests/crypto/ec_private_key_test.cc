#include "crypto/ec_private_key.h"

#include <openssl/core_names.h>

#include "core/hex.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/pki_key.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

using test::OpenSslPkcs8;
using test::TestKey;
using test::TestKeyKind;

struct Curve {
  const char* name;
  TestKeyKind made;
  KeyKind kind;
  size_t point_bytes;

  friend std::ostream& operator<<(std::ostream& out, const Curve& one) { return out << one.name; }
};

const Curve kCurves[] = {{"P-256", TestKeyKind::kP256, KeyKind::kP256, 65},
                         {"P-384", TestKeyKind::kP384, KeyKind::kP384, 97},
                         {"P-521", TestKeyKind::kP521, KeyKind::kP521, 133}};

Result<EcPrivateKey> Parse(const Bytes& pkcs8) {
  return EcPrivateKey::ParsePkcs8(SecretBytes::CopyOf(pkcs8));
}

// By OpenSSL alone, with the hash of the curve's strength.
bool OpenSslAccepts(const PublicKey& key, ByteSpan message, const Bytes& signature) {
  const uint8_t* at = key.spki().data();
  EVP_PKEY* theirs = d2i_PUBKEY(nullptr, &at, static_cast<long>(key.spki().size()));
  const EVP_MD* md = key.kind() == KeyKind::kP256   ? EVP_sha256()
                     : key.kind() == KeyKind::kP384 ? EVP_sha384()
                                                    : EVP_sha512();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  BOOST_REQUIRE(EVP_DigestVerifyInit(context, nullptr, md, nullptr, theirs) == 1);
  const int answer =
      EVP_DigestVerify(context, signature.data(), signature.size(), message.data(), message.size());
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(theirs);
  return answer == 1;
}

BOOST_AUTO_TEST_SUITE(ec_private_key)

BOOST_DATA_TEST_CASE(signs_so_that_openssl_accepts_it, boost::unit_test::data::make(kCurves), one) {
  const EcPrivateKey key = EcPrivateKey::Generate(one.kind);
  BOOST_CHECK_EQUAL(key.public_key().Name(), one.name);
  for (int round = 0; round < 20; ++round) {
    const Bytes signature = key.Sign(AsBytes("message"));
    BOOST_CHECK(OpenSslAccepts(key.public_key(), AsBytes("message"), signature));
    BOOST_CHECK(!OpenSslAccepts(key.public_key(), AsBytes("massage"), signature));
  }
}

BOOST_DATA_TEST_CASE(reads_and_writes_pkcs8_as_openssl_does, boost::unit_test::data::make(kCurves),
                     one) {
  const TestKey made = TestKey::Generate(one.made);
  REQUIRE_VALUE(const auto key, Parse(made.Pkcs8()));
  BOOST_CHECK(key.public_key().kind() == one.kind);
  BOOST_CHECK(key.public_key().spki() == made.Spki());
  BOOST_CHECK_EQUAL(HexEncode(key.ToPkcs8().Expose()), HexEncode(made.Pkcs8()));
}

BOOST_AUTO_TEST_CASE(refuses_keys_of_other_algorithms_by_name) {
  CHECK_ERROR(Parse(OpenSslPkcs8(EVP_EC_gen("P-224"))), ErrorCode::kUnsupported,
              "expected prime256v1, secp384r1, secp521r1, found secp224r1");
  CHECK_ERROR(Parse(OpenSslPkcs8(EVP_RSA_gen(2048))), ErrorCode::kUnsupported, "found RSA");
  CHECK_ERROR(Parse(OpenSslPkcs8(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))),
              ErrorCode::kUnsupported, "found ED25519");
}

BOOST_DATA_TEST_CASE(refuses_damaged_keys, boost::unit_test::data::make(kCurves), one) {
  const Bytes pkcs8 = TestKey::Generate(one.made).Pkcs8();
  Bytes changed = pkcs8;
  changed.pop_back();
  CHECK_ERROR(Parse(changed), ErrorCode::kMalformed, "not a key");
  changed = pkcs8;
  changed.push_back(0);
  CHECK_ERROR(Parse(changed), ErrorCode::kMalformed, "one accepted encoding");
  CHECK_ERROR(Parse({}), ErrorCode::kMalformed, "not a key");
}

BOOST_DATA_TEST_CASE(refuses_the_public_half_of_another_key, boost::unit_test::data::make(kCurves),
                     one) {
  Bytes pkcs8 = TestKey::Generate(one.made).Pkcs8();
  const Bytes other = TestKey::Generate(one.made).Pkcs8();
  const auto point = static_cast<ptrdiff_t>(one.point_bytes);  // at the end of the encoding
  std::copy(other.end() - point, other.end(), pkcs8.end() - point);
  CHECK_ERROR(Parse(pkcs8), ErrorCode::kMalformed, "do not agree");
}

BOOST_AUTO_TEST_CASE(refuses_explicit_curve_parameters) {
  EVP_PKEY* key = EVP_EC_gen("P-384");
  BOOST_REQUIRE(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, "explicit") == 1);
  CHECK_ERROR(Parse(OpenSslPkcs8(key)), ErrorCode::kMalformed, "one accepted encoding");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
