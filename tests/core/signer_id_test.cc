#include "core/signer_id.h"

#include <set>
#include <unordered_set>

#include "tests/support/test.h"

namespace carnet {
namespace {

const std::string kHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::array<uint8_t, 32> Counting() {
  std::array<uint8_t, 32> bytes;
  for (uint8_t i = 0; i < 32; ++i) bytes[i] = i;
  return bytes;
}

const SignerId kKey{KeyId(Counting())};
const SignerId kIdentity{IdentityDigest(Counting())};

BOOST_AUTO_TEST_SUITE(signer_id)

BOOST_AUTO_TEST_CASE(has_one_text_for_each_form) {
  BOOST_CHECK_EQUAL(kKey.ToString(), "key:" + kHex);
  BOOST_CHECK_EQUAL(kIdentity.ToString(), "identity:" + kHex);
  for (const SignerId& signer : {kKey, kIdentity}) {
    REQUIRE_VALUE(const SignerId read, SignerId::Parse(signer.ToString()));
    BOOST_CHECK(read == signer);
  }
}

BOOST_AUTO_TEST_CASE(refuses_every_other_text) {
  const std::string upper = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
  const std::string space(1, ' ');
  for (const std::string& text : {std::string(),
                                  std::string("key:"),
                                  std::string("identity:"),
                                  kHex,
                                  ":" + kHex,
                                  "Key:" + kHex,
                                  "KEY:" + kHex,
                                  "Identity:" + kHex,
                                  "key" + kHex,
                                  "key::" + kHex,
                                  "keys:" + kHex,
                                  "id:" + kHex,
                                  "sha256:" + kHex,
                                  "identity:key:" + kHex,
                                  "key:identity:" + kHex,
                                  "key:" + upper,
                                  "identity:" + upper,
                                  "key:" + kHex.substr(1),
                                  "key:" + kHex.substr(2),
                                  "identity:" + kHex + "00",
                                  "key:" + kHex + "0",
                                  "key:" + kHex + "\n",
                                  space + "key:" + kHex,
                                  "key: " + kHex.substr(1),
                                  "key:" + kHex.substr(1) + std::string(1, '\0'),
                                  "key:" + kHex + ":label"}) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_ERROR(SignerId::Parse(text), ErrorCode::kMalformed,
                  "expected \"key:\" or \"identity:\" and 64 lowercase hex digits");
    }
  }
}

// The form on disk (docs/formats.md).
BOOST_AUTO_TEST_CASE(is_stored_as_form_and_digest) {
  Bytes expected = {1};
  for (const uint8_t byte : Counting()) expected.push_back(byte);
  BOOST_CHECK(ToBytes(kKey.encoded()) == expected);
  expected[0] = 2;
  BOOST_CHECK(ToBytes(kIdentity.encoded()) == expected);
  BOOST_CHECK(SignerId::Decode(kKey.encoded()) == kKey);
  BOOST_CHECK(SignerId::Decode(kIdentity.encoded()) == kIdentity);
}

BOOST_AUTO_TEST_CASE(refuses_bytes_of_another_form_or_length) {
  Bytes bytes = ToBytes(kKey.encoded());
  for (int form = 0; form < 256; ++form) {
    bytes[0] = static_cast<uint8_t>(form);
    BOOST_CHECK_EQUAL(SignerId::Decode(bytes).has_value(), form == 1 || form == 2);
  }
  bytes[0] = 1;
  BOOST_CHECK(!SignerId::Decode({}));
  BOOST_CHECK(!SignerId::Decode({bytes.data(), 32}));
  bytes.push_back(0);
  BOOST_CHECK(!SignerId::Decode(bytes));
}

BOOST_AUTO_TEST_CASE(only_the_key_form_names_a_key) {
  BOOST_CHECK(kKey.form() == SignerId::Form::kKey);
  BOOST_CHECK(kKey.key() == KeyId(Counting()));
  BOOST_CHECK(kIdentity.form() == SignerId::Form::kIdentity);
  BOOST_CHECK(!kIdentity.key());
}

BOOST_AUTO_TEST_CASE(a_key_and_an_identity_of_the_same_bytes_are_two_signers) {
  BOOST_CHECK(kKey != kIdentity);
  BOOST_CHECK(kKey < kIdentity);
  BOOST_CHECK_EQUAL((std::set<SignerId>{kKey, kIdentity, kKey}).size(), 2u);
  BOOST_CHECK_EQUAL((std::unordered_set<SignerId>{kKey, kIdentity, kKey}).size(), 2u);
  BOOST_CHECK(std::hash<SignerId>()(kKey) != std::hash<SignerId>()(kIdentity));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
