// One change to a valid text: the way in which every table of refusals is written.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/test.h"

namespace carnet::test {

// Requires `from` to stand in `text` exactly once.
inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "\"" << from << "\" is not in the text");
  BOOST_REQUIRE_MESSAGE(text.find(from, at + 1) == std::string::npos,
                        "\"" << from << "\" is in the text twice");
  return text.replace(at, from.size(), to);
}

}  // namespace carnet::test
