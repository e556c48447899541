#include "core/file_path.h"

#include "tests/support/test.h"

namespace carnet {
namespace {

struct Path {
  const char* name;
  std::string path;
  const char* reason;  // nullptr: accepted
};
std::ostream& operator<<(std::ostream& out, const Path& p) { return out << p.name; }

const std::vector<Path> kPaths = {
    {"one_component", "a", nullptr},
    {"two_components", "a/b", nullptr},
    {"space_and_accent", "a/b c/é.txt", nullptr},
    {"not_latin", "\u5c64/x", nullptr},
    {"three_dots", "...", nullptr},
    {"hidden", ".hidden/..x", nullptr},
    {"longest", std::string(4000, 'x'), nullptr},
    {"too_long", std::string(4001, 'x'), "over 4,000 bytes"},
    {"nothing", "", "empty component"},
    {"root", "/", "empty component"},
    {"absolute", "/a", "empty component"},
    {"folder", "a/", "empty component"},
    {"two_slashes", "a//b", "empty component"},
    {"dot", ".", ". or .. component"},
    {"dot_first", "./a", ". or .. component"},
    {"dot_inside", "a/./b", ". or .. component"},
    {"dot_last", "a/.", ". or .. component"},
    {"dots", "..", ". or .. component"},
    {"dots_inside", "a/../b", ". or .. component"},
    {"dots_last", "a/..", ". or .. component"},
    {"backslash", "a\\b", "backslash"},
    {"newline", "a\nb", "control or invisible character"},
    {"nul", std::string("a\0b", 3), "control or invisible character"},
    {"delete", "a\x7f", "control or invisible character"},
    {"bidirectional_override", "a\u202e", "control or invisible character"},
    {"lone_byte", "a\xff", "not UTF-8"},
};

BOOST_DATA_TEST_CASE(checks_each_component_and_character, kPaths) {
  if (sample.reason == nullptr) {
    BOOST_CHECK(CheckFilePath(sample.path));
  } else {
    CHECK_ERROR(CheckFilePath(sample.path), ErrorCode::kMalformed, sample.reason);
  }
}

}  // namespace
}  // namespace carnet
