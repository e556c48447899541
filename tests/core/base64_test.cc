#include "core/base64.h"

#include "core/digests.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

struct Pair {
  const char* bytes;
  const char* text;
};

// RFC 4648 section 10.
constexpr Pair kPairs[] = {{"", ""},
                           {"f", "Zg=="},
                           {"fo", "Zm8="},
                           {"foo", "Zm9v"},
                           {"foob", "Zm9vYg=="},
                           {"fooba", "Zm9vYmE="},
                           {"foobar", "Zm9vYmFy"}};

BOOST_AUTO_TEST_SUITE(base64)

BOOST_AUTO_TEST_CASE(reads_and_writes_the_rfcs_examples) {
  for (const Pair& one : kPairs) {
    BOOST_CHECK_EQUAL(Base64Encode(AsBytes(one.bytes)), one.text);
    BOOST_CHECK(Base64Decode(one.text) == ToBytes(AsBytes(one.bytes)));
  }
}

BOOST_AUTO_TEST_CASE(uses_the_standard_alphabet) {
  BOOST_CHECK_EQUAL(Base64Encode(Bytes{0xfb, 0xef, 0xff}), "++//");
  BOOST_CHECK(!Base64Decode("--__"));
}

BOOST_AUTO_TEST_CASE(gives_bytes_of_every_length_back) {
  Bytes bytes;
  for (unsigned value = 0; value < 300; ++value) {
    BOOST_CHECK(Base64Decode(Base64Encode(bytes)) == bytes);
    bytes.push_back(static_cast<uint8_t>(value * 37));
  }
}

BOOST_AUTO_TEST_CASE(refuses_one_bad_character_wherever_it_is) {
  for (const char* bytes : {"0123456789ab", "0123456789a", "0123456789"}) {
    const std::string text = Base64Encode(AsBytes(bytes));
    BOOST_REQUIRE(Base64Decode(text));
    for (size_t at = 0; at < text.size(); ++at) {
      std::string bad = text;
      bad[at] = '*';
      BOOST_CHECK_MESSAGE(!Base64Decode(bad), bad);
    }
  }
}

BOOST_AUTO_TEST_CASE(decodes_into_a_digest_of_exactly_its_size) {
  const Bytes bytes(Sha256Digest::kSize, 7);
  BOOST_CHECK(Base64DecodeTo<Sha256Digest>(Base64Encode(bytes)) == Sha256Digest::FromSpan(bytes));
  BOOST_CHECK(!Base64DecodeTo<Sha256Digest>(Base64Encode(Bytes(Sha256Digest::kSize - 1))));
  BOOST_CHECK(!Base64DecodeTo<Sha256Digest>(Base64Encode(Bytes(Sha256Digest::kSize + 1))));
  BOOST_CHECK(!Base64DecodeTo<Sha256Digest>(""));
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings) {
  for (const char* text : {"Zg",       "Zg=",      "Zg===", "Z",    "=",       "====",  "Zm8",
                           "Zm9v=",    "Zm9v====", "Zh==",  "Zm9=", "Zm8 ",    " Zm8=", "Zm\n8=",
                           "Zg==Zm8=", "Zg==\n",   "Z===",  "Zm=v", "Zm9\xc3", "Zm9."}) {
    BOOST_CHECK_MESSAGE(!Base64Decode(text), text);
  }
  BOOST_CHECK(!Base64Decode(std::string_view("Zm9\0", 4)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
