#include "core/hex.h"

#include "core/digests.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

BOOST_AUTO_TEST_SUITE(hex)

// RFC 4648 section 10, in lower case.
BOOST_AUTO_TEST_CASE(reads_and_writes_lower_case) {
  BOOST_CHECK_EQUAL(HexEncode(AsBytes("foobar")), "666f6f626172");
  BOOST_CHECK_EQUAL(HexEncode({}), "");
  BOOST_CHECK(HexDecode("666f6f626172") == ToBytes(AsBytes("foobar")));
  BOOST_CHECK(HexDecode("") == Bytes{});
}

BOOST_AUTO_TEST_CASE(gives_every_byte_back) {
  for (int value = 0; value < 256; ++value) {
    const Bytes bytes{static_cast<uint8_t>(value)};
    BOOST_CHECK(HexDecode(HexEncode(bytes)) == bytes);
  }
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings) {
  for (const char* text : {"0", "0g", "FF", "fF", "0x", " 0", "0 ", "00\n0", "-1"}) {
    BOOST_CHECK_MESSAGE(!HexDecode(text), text);
  }
}

BOOST_AUTO_TEST_CASE(decodes_into_a_digest_of_exactly_its_size) {
  const std::string text(64, 'a');
  BOOST_REQUIRE(HexDecodeTo<Sha256Digest>(text));
  BOOST_CHECK_EQUAL(HexEncode(HexDecodeTo<Sha256Digest>(text)->span()), text);
  BOOST_CHECK(!HexDecodeTo<Sha256Digest>(text.substr(2)));
  BOOST_CHECK(!HexDecodeTo<Sha256Digest>(text + "aa"));
  BOOST_CHECK(!HexDecodeTo<Sha256Digest>(std::string(64, 'A')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
