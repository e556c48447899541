// C2SP Wycheproof: every case has one right answer, and every case is run.
#include <boost/json.hpp>

#include "core/hex.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "crypto/public_key.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

namespace json = boost::json;

Bytes HexField(const json::object& object, std::string_view name) {
  const json::string& text = object.at(name).as_string();
  const auto bytes = HexDecode(std::string_view(text.data(), text.size()));
  BOOST_REQUIRE(bytes);
  return *bytes;
}

struct Counts {
  size_t valid = 0;
  size_t invalid = 0;
};

template <typename Key>
SignatureCheck Answer(const Key& key, ByteSpan message, ByteSpan signature) {
  return key.Verify(message, signature);
}
SignatureCheck Answer(const PublicKey& key, ByteSpan message, ByteSpan signature) {
  return key.Verify(key.default_scheme(), message, signature);
}

// Checks one case and counts it under its published result.
template <typename Key>
void CheckCase(const Key& key, const json::object& one, Counts& counts) {
  const std::string result(one.at("result").as_string().c_str());
  BOOST_REQUIRE_MESSAGE(result == "valid" || result == "invalid", result);
  ++(result == "valid" ? counts.valid : counts.invalid);
  const auto answer = Answer(key, HexField(one, "msg"), HexField(one, "sig"));
  BOOST_CHECK_MESSAGE((answer == SignatureCheck::kGood) == (result == "valid"),
                      "case " << one.at("tcId").as_int64() << " is " << result << ": "
                              << one.at("comment").as_string().c_str());
}

template <typename Key>
Counts CheckFile(const std::string& name) {
  Counts counts;
  const json::value file = json::parse(test::Slurp(test::VectorsFolder() / "wycheproof" / name));
  for (const json::value& group : file.at("testGroups").as_array()) {
    REQUIRE_VALUE(const Key key, Key::ParseSpki(HexField(group.as_object(), "publicKeyDer")));
    for (const json::value& one : group.at("tests").as_array()) {
      CheckCase(key, one.as_object(), counts);
    }
  }
  return counts;
}

BOOST_AUTO_TEST_SUITE(wycheproof, *boost::unit_test::precondition(test::HasVectors("wycheproof")))

BOOST_AUTO_TEST_CASE(answers_all_151_ed25519_cases) {
  for (const Counts counts : {CheckFile<Ed25519PublicKey>("ed25519_test.json"),
                              CheckFile<PublicKey>("ed25519_test.json")}) {
    BOOST_CHECK_EQUAL(counts.valid, 88u);
    BOOST_CHECK_EQUAL(counts.invalid, 63u);
  }
}

BOOST_AUTO_TEST_CASE(answers_all_484_p256_cases) {
  for (const Counts counts : {CheckFile<P256PublicKey>("ecdsa_secp256r1_sha256_test.json"),
                              CheckFile<PublicKey>("ecdsa_secp256r1_sha256_test.json")}) {
    BOOST_CHECK_EQUAL(counts.valid, 174u);
    BOOST_CHECK_EQUAL(counts.invalid, 310u);
  }
}

BOOST_AUTO_TEST_CASE(answers_all_504_p384_cases) {
  const Counts counts = CheckFile<PublicKey>("ecdsa_secp384r1_sha384_test.json");
  BOOST_CHECK_EQUAL(counts.valid, 194u);
  BOOST_CHECK_EQUAL(counts.invalid, 310u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
