#include "crypto/secret_bytes.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "crypto/random.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);

BOOST_AUTO_TEST_SUITE(secret_bytes)

BOOST_AUTO_TEST_CASE(begins_zeroed) {
  const SecretBytes secret(48);
  BOOST_REQUIRE_EQUAL(secret.size(), 48u);
  const ByteSpan bytes = secret.Expose();
  BOOST_CHECK(std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; }));
}

BOOST_AUTO_TEST_CASE(moves_and_leaves_nothing_behind) {
  SecretBytes from = SecretBytes::CopyOf("password");
  SecretBytes to = std::move(from);
  BOOST_CHECK_EQUAL(AsText(to.Expose()), "password");
  BOOST_CHECK_EQUAL(from.size(), 0u);  // NOLINT(bugprone-use-after-move): the claim
  to = SecretBytes::CopyOf("other");
  BOOST_CHECK_EQUAL(AsText(to.Expose()), "other");
}

BOOST_AUTO_TEST_CASE(holds_an_empty_secret) {
  BOOST_CHECK_EQUAL(SecretBytes::CopyOf("").size(), 0u);
}

BOOST_AUTO_TEST_CASE(random_bytes_do_not_repeat) {
  std::array<uint8_t, 32> first{}, second{};
  FillRandom(first);
  FillRandom(second);
  BOOST_CHECK(first != second);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
