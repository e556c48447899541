#include "crypto/wiped_text.h"

#include <array>
#include <new>
#include <string_view>

#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

BOOST_AUTO_TEST_SUITE(wiped_text)

// So short that a string keeps it inside itself: the bytes can be looked at when it is gone.
BOOST_AUTO_TEST_CASE(nothing_of_the_text_is_left) {
  constexpr std::string_view kText = "a secret";
  alignas(WipedText) std::array<char, sizeof(WipedText)> memory{};
  const auto has_text = [&memory, kText] {
    return std::string_view(memory.data(), memory.size()).find(kText) != std::string_view::npos;
  };
  auto* text = new (memory.data()) WipedText(std::string(kText));
  BOOST_CHECK_EQUAL(text->text(), kText);
  BOOST_REQUIRE(has_text());
  text->~WipedText();
  BOOST_CHECK(!has_text());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
