// The DER of raw signatures, against OpenSSL's own encoder; points against its own keys.
#include "crypto/raw_signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include "core/hex.h"
#include "crypto/ecdsa.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

Bytes ByOpenSsl(const Bytes& raw) {
  ECDSA_SIG* pair = ECDSA_SIG_new();
  BOOST_REQUIRE_EQUAL(ECDSA_SIG_set0(pair, BN_bin2bn(raw.data(), 32, nullptr),
                                     BN_bin2bn(raw.data() + 32, 32, nullptr)),
                      1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  BOOST_REQUIRE_GT(size, 0);
  Bytes encoded(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  return encoded;
}

Bytes Raw(const std::string& r, const std::string& s) {
  const auto whole = [](const std::string& digits) {
    return std::string(64 - digits.size(), '0') + digits;
  };
  const auto bytes = HexDecode(whole(r) + whole(s));
  BOOST_REQUIRE(bytes);
  return *bytes;
}

BOOST_AUTO_TEST_SUITE(raw_signature)

BOOST_AUTO_TEST_CASE(is_encoded_as_openssl_encodes_it) {
  const std::string high(64, 'f');
  const std::string middle = "7f" + std::string(60, '0') + "01";
  for (const std::string& r : {std::string("01"), std::string("80"), std::string("ff00"), high,
                               middle, std::string("0")}) {
    for (const std::string& s : {std::string("7f"), std::string("0080"), high, middle}) {
      const Bytes raw = Raw(r, s);
      REQUIRE_VALUE(const Bytes der, DerOfRawP256(raw));
      BOOST_CHECK_EQUAL(HexEncode(der), HexEncode(ByOpenSsl(raw)));
    }
  }
}

BOOST_AUTO_TEST_CASE(of_another_size_is_refused) {
  for (const size_t size : {0U, 63U, 65U, 96U}) {
    CHECK_ERROR(DerOfRawP256(Bytes(size, 1)), ErrorCode::kMalformed,
                "expected r and s of 32 bytes each, found " + std::to_string(size));
  }
}

BOOST_AUTO_TEST_CASE(a_point_is_the_same_key_as_its_spki) {
  const auto key = P256PrivateKey::Generate();
  const Bytes& spki = key.public_key().spki();
  REQUIRE_VALUE(const P256PublicKey read, P256PublicKey::FromPoint(ByteSpan(spki).last(65)));
  BOOST_CHECK(read.spki() == spki);
  BOOST_CHECK(read.Verify(AsBytes("m"), key.Sign(AsBytes("m"))) == SignatureCheck::kGood);
}

BOOST_AUTO_TEST_CASE(a_point_elsewhere_or_compressed_is_no_key) {
  const auto key = P256PrivateKey::Generate();
  const Bytes& spki = key.public_key().spki();
  Bytes point = ToBytes(ByteSpan(spki).last(65));
  point.back() ^= 1;
  CHECK_ERROR(P256PublicKey::FromPoint(point), ErrorCode::kMalformed, "not a point of prime256v1");
  point.front() = 2;
  CHECK_ERROR(P256PublicKey::FromPoint(point), ErrorCode::kMalformed, "not an uncompressed point");
  CHECK_ERROR(P256PublicKey::FromPoint(ByteSpan(point).first(33)), ErrorCode::kMalformed,
              "not an uncompressed point");
  CHECK_ERROR(P256PublicKey::FromPoint({}), ErrorCode::kMalformed, "not an uncompressed point");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
