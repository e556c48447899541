#include "sigstore/dsse.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

BOOST_AUTO_TEST_SUITE(dsse)

// The example of the DSSE specification (its protocol, test vectors).
BOOST_AUTO_TEST_CASE(encodes_the_specifications_example) {
  BOOST_CHECK_EQUAL(PreAuthEncoding("http://example.com/HelloWorld", AsBytes("hello world")),
                    "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

BOOST_AUTO_TEST_CASE(counts_bytes_not_characters) {
  BOOST_CHECK_EQUAL(PreAuthEncoding("t\xc3\xa9", AsBytes("\xe2\x82\xac")),
                    "DSSEv1 3 t\xc3\xa9 3 \xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(keeps_empty_parts_and_nul_bytes) {
  using namespace std::string_view_literals;
  BOOST_CHECK_EQUAL(PreAuthEncoding("", {}), "DSSEv1 0  0 ");
  BOOST_CHECK_EQUAL(PreAuthEncoding("t", AsBytes("a\0b"sv)), "DSSEv1 1 t 3 a\0b"sv);
}

// printf 'DSSEv1 28 application/vnd.in-toto+json 2 {}' | sha256sum
BOOST_AUTO_TEST_CASE(statement_id_is_the_digest_of_the_encoding) {
  BOOST_CHECK_EQUAL(HexEncode(StatementIdOf(AsBytes("{}")).span()),
                    "4842cb1ba6fed6e460d8a0d56f6b64ccf1f1e11f7714a7f282080d5780251b63");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
