#include "crypto/sha256.h"

#include "core/hex.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

struct Published {
  std::string message;
  std::string digest;

  friend std::ostream& operator<<(std::ostream& out, const Published& one) {
    return out << one.message.size() << " bytes";
  }
};

// NIST's examples for FIPS 180-4, and the empty message.
const Published kPublished[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {std::string(1'000'000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};

BOOST_AUTO_TEST_SUITE(sha256)

BOOST_DATA_TEST_CASE(gives_published_digests, boost::unit_test::data::make(kPublished), one) {
  BOOST_CHECK_EQUAL(HexEncode(Sha256Of(one.message).span()), one.digest);
}

BOOST_DATA_TEST_CASE(does_not_depend_on_the_pieces, boost::unit_test::data::make(kPublished), one) {
  for (const size_t piece : {1u, 7u, 63u, 64u, 65u, 4096u}) {
    Sha256 stream;
    for (size_t at = 0; at < one.message.size(); at += piece) {
      stream.Update(std::string_view(one.message).substr(at, piece));
    }
    BOOST_CHECK_EQUAL(HexEncode(stream.Finish().span()), one.digest);
  }
}

BOOST_AUTO_TEST_CASE(goes_on_separately_in_a_copy) {
  Sha256 whole;
  whole.Update("a");
  Sha256 copy = whole;
  copy.Update("nother end");
  BOOST_CHECK_EQUAL(HexEncode(whole.Update("bc").Finish().span()), kPublished[1].digest);
  BOOST_CHECK(copy.Finish() == Sha256Of("another end"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
