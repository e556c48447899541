#include "crypto/digest.h"

#include "core/hex.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

BOOST_AUTO_TEST_SUITE(digest)

// FIPS 180-4, the examples of one block: "abc".
BOOST_AUTO_TEST_CASE(hashes_abc_as_the_standard_does) {
  const auto of_abc = [](HashAlgorithm algorithm) {
    return HexEncode(DigestOf(algorithm, AsBytes("abc")));
  };
  BOOST_CHECK_EQUAL(of_abc(HashAlgorithm::kSha256),
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_CHECK_EQUAL(of_abc(HashAlgorithm::kSha384),
                    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                    "8086072ba1e7cc2358baeca134c825a7");
  BOOST_CHECK_EQUAL(of_abc(HashAlgorithm::kSha512),
                    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

BOOST_AUTO_TEST_CASE(hashes_a_stream_as_its_bytes_together) {
  for (const auto algorithm :
       {HashAlgorithm::kSha256, HashAlgorithm::kSha384, HashAlgorithm::kSha512}) {
    Digester parts(algorithm);
    parts.Update(AsBytes("a")).Update({}).Update(AsBytes("bc"));
    const Bytes digest = parts.Finish();
    BOOST_CHECK(digest == DigestOf(algorithm, AsBytes("abc")));
    BOOST_CHECK_EQUAL(digest.size(), DigestSize(algorithm));
    parts = Digester(algorithm);
    BOOST_CHECK(parts.Finish() == DigestOf(algorithm, {}));
  }
}

BOOST_AUTO_TEST_CASE(names_its_algorithms) {
  BOOST_CHECK_EQUAL(HashName(HashAlgorithm::kSha256), "sha256");
  BOOST_CHECK_EQUAL(HashName(HashAlgorithm::kSha384), "sha384");
  BOOST_CHECK_EQUAL(HashName(HashAlgorithm::kSha512), "sha512");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
