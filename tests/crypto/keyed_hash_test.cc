#include "crypto/keyed_hash.h"

#include <array>
#include <numeric>
#include <type_traits>

#include "core/hex.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<HashKey>);

// 00 01 … 1f
HashKey CountingKey() {
  std::array<uint8_t, HashKey::kSize> bytes;
  std::iota(bytes.begin(), bytes.end(), uint8_t{0});
  return HashKey::Create(SecretBytes::CopyOf(ByteSpan(bytes))).value();
}

std::string HexOf(const HashKey& key, std::string_view message) {
  const std::array parts = {AsBytes(message)};
  return HexEncode(key.Hash(parts).span());
}

// python3 -c 'import hashlib; print(hashlib.blake2b(MESSAGE, key=bytes(range(32)),
//     digest_size=32).hexdigest())' with the messages b"", b"abc", bytes(i % 251 for i in
//     range(1000)).
constexpr char kOfNothing[] = "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d";
constexpr char kOfAbc[] = "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f";
constexpr char kOfThousand[] = "bf9c0d3a2590251349ad634ad07f03958d0be63d5f9533daf62752de734b2c76";
// With key=bytes(32) and b"abc".
constexpr char kOfAbcByZeros[] = "bad705ff155af631f38dc6cafdda827a31595c802f3ff585c10691c58944d89b";

BOOST_AUTO_TEST_SUITE(keyed_hash)

BOOST_AUTO_TEST_CASE(agrees_with_pythons_hashlib) {
  const HashKey key = CountingKey();
  BOOST_CHECK_EQUAL(HexOf(key, ""), kOfNothing);
  BOOST_CHECK_EQUAL(HexOf(key, "abc"), kOfAbc);
  std::string thousand(1000, '\0');
  for (size_t i = 0; i < thousand.size(); ++i) thousand[i] = static_cast<char>(i % 251);
  BOOST_CHECK_EQUAL(HexOf(key, thousand), kOfThousand);
  const HashKey zeros = HashKey::Create(SecretBytes(HashKey::kSize)).value();
  BOOST_CHECK_EQUAL(HexOf(zeros, "abc"), kOfAbcByZeros);
}

BOOST_AUTO_TEST_CASE(parts_are_hashed_one_after_another) {
  const HashKey key = CountingKey();
  const std::array parts = {AsBytes("a"), ByteSpan(), AsBytes("bc")};
  BOOST_CHECK_EQUAL(HexEncode(key.Hash(parts).span()), kOfAbc);
}

BOOST_AUTO_TEST_CASE(matches_only_the_hash_of_this_message_by_this_key) {
  const HashKey key = CountingKey();
  const HashKey other = HashKey::Create(SecretBytes(HashKey::kSize)).value();
  const KeyedHash hash = HexDecodeTo<KeyedHash>(kOfAbc).value();
  const std::array abc = {AsBytes("abc")};
  const std::array abd = {AsBytes("abd")};
  BOOST_CHECK(key.Matches(abc, hash));
  BOOST_CHECK(!key.Matches(abd, hash));
  BOOST_CHECK(!other.Matches(abc, hash));
  for (size_t i = 0; i < KeyedHash::kSize; ++i) {
    std::array<uint8_t, KeyedHash::kSize> changed;
    std::copy(hash.span().begin(), hash.span().end(), changed.begin());
    changed[i] ^= 0x80;
    BOOST_CHECK(!key.Matches(abc, KeyedHash(changed)));
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_another_size_is_refused) {
  for (const size_t size : {0u, 16u, 31u, 33u, 64u}) {
    CHECK_ERROR(HashKey::Create(SecretBytes(size)), ErrorCode::kMalformed, "is not 32 bytes");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
