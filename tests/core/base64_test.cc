#include "core/base64.h"

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
