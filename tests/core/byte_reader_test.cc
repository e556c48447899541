#include "core/byte_reader.h"

#include "core/byte_writer.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

const Bytes kNine{1, 2, 3, 4, 5, 6, 7, 8, 9};

BOOST_AUTO_TEST_SUITE(byte_reader)

BOOST_AUTO_TEST_CASE(reads_both_orders) {
  BOOST_CHECK(ByteReader(kNine).U8() == 0x01);
  BOOST_CHECK(ByteReader(kNine).U32Le() == 0x04030201u);
  BOOST_CHECK(ByteReader(kNine).U32Be() == 0x01020304u);
  BOOST_CHECK(ByteReader(kNine).U64Le() == 0x0807060504030201u);
  BOOST_CHECK(ByteReader(kNine).U64Be() == 0x0102030405060708u);
  const Bytes high(8, 0xff);
  BOOST_CHECK(ByteReader(high).U64Le() == UINT64_MAX);
  BOOST_CHECK(ByteReader(high).U32Be() == UINT32_MAX);
}

BOOST_AUTO_TEST_CASE(goes_on_where_it_stopped) {
  ByteReader reader(kNine);
  BOOST_CHECK(reader.U32Be() == 0x01020304u);
  const auto taken = reader.Take(4);
  BOOST_REQUIRE(taken);
  BOOST_CHECK((ToBytes(*taken) == Bytes{5, 6, 7, 8}));
  BOOST_CHECK_EQUAL(reader.remaining(), 1u);
  BOOST_CHECK(!reader.at_end());
  BOOST_CHECK(reader.U8() == 9);
  BOOST_CHECK(reader.at_end());
}

BOOST_AUTO_TEST_CASE(never_reads_past_the_end) {
  BOOST_CHECK(!ByteReader(ByteSpan(kNine).first(7)).U64Le());
  BOOST_CHECK(!ByteReader(ByteSpan(kNine).first(3)).U32Be());
  BOOST_CHECK(!ByteReader({}).U8());
  BOOST_CHECK(!ByteReader(kNine).Take(10));
  BOOST_CHECK(!ByteReader(kNine).Take(UINT64_MAX));
  BOOST_CHECK(ByteReader(kNine).Take(9));
  BOOST_CHECK(ByteReader({}).Take(0));
}

BOOST_AUTO_TEST_CASE(a_read_that_fails_takes_nothing) {
  ByteReader reader(kNine);
  BOOST_CHECK(!reader.Take(10));
  BOOST_CHECK_EQUAL(reader.remaining(), 9u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(byte_writer)

BOOST_AUTO_TEST_CASE(writes_big_endian) {
  ByteWriter writer;
  writer.U8(0x01).U16Be(0x0203).U32Be(0x04050607).U64Be(0x08090a0b0c0d0e0f);
  Bytes expected;
  for (uint8_t value = 1; value < 16; ++value) expected.push_back(value);
  BOOST_CHECK(ToBytes(AsBytes(writer.text())) == expected);
}

BOOST_AUTO_TEST_CASE(appends_bytes_and_text) {
  BOOST_CHECK_EQUAL(ByteWriter().Append("ab").Append(Bytes{'c', 'd'}).Append("").Take(), "abcd");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
