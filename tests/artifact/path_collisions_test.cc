#include "artifact/path_collisions.h"

#include <cstdlib>
#include <sstream>

#include "core/hex.h"
#include "core/utf8.h"
#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

std::string TextOf(const std::string& hex) {
  const auto bytes = HexDecode(hex);
  BOOST_REQUIRE(bytes);
  return std::string(AsText(*bytes));
}

size_t Warnings(std::string_view a, std::string_view b) { return PathCollisions({a, b}).size(); }

BOOST_AUTO_TEST_SUITE(path_collisions)

BOOST_AUTO_TEST_CASE(folds_as_pythons_unicodedata_does, *carnet::test::LongOnOneThread()) {
  const std::string script =
      std::string(std::getenv("CARNET_SOURCE")) + "/tests/artifact/folded_path_reference.py";
  std::istringstream lines(test::MustRun("python3 " + script));
  size_t count = 0, changed = 0;
  std::string text, folded;
  while (lines >> text >> folded) {
    const std::string got = FoldedPath(TextOf(text));
    if (got != TextOf(folded)) {
      BOOST_ERROR(text << " became " << HexEncode(AsBytes(got)) << ", expected " << folded);
    }
    ++count;
    if (text != folded) ++changed;
  }
  BOOST_CHECK_GT(count, 150'000u);
  BOOST_CHECK_GT(changed, 30'000u);
}

// From the Unicode code charts.
BOOST_AUTO_TEST_CASE(warns_of_paths_equal_but_for_normalisation) {
  BOOST_CHECK_EQUAL(Warnings("caf\u00e9.txt", "cafe\u0301.txt"), 1u);
  BOOST_CHECK_EQUAL(Warnings("\u1ea5", "a\u0302\u0301"), 1u);
  BOOST_CHECK_EQUAL(Warnings("\u0439", "\u0438\u0306"), 1u);          // Cyrillic
  BOOST_CHECK_EQUAL(Warnings("\u304c", "\u304b\u3099"), 1u);          // hiragana
  BOOST_CHECK_EQUAL(Warnings("\ud55c", "\u1112\u1161\u11ab"), 1u);    // Hangul with a tail
  BOOST_CHECK_EQUAL(Warnings("\uac00", "\u1100\u1161"), 1u);          // Hangul without
  BOOST_CHECK_EQUAL(Warnings("a\u0323\u0302", "a\u0302\u0323"), 1u);  // marks in another order
}

BOOST_AUTO_TEST_CASE(warns_of_paths_equal_but_for_case_in_any_script) {
  BOOST_CHECK_EQUAL(Warnings("CAF\u00c9.txt", "cafe\u0301.txt"), 1u);
  BOOST_CHECK_EQUAL(Warnings("\u00c6", "\u00e6"), 1u);
  BOOST_CHECK_EQUAL(Warnings("\u0416", "\u0436"), 1u);          // Cyrillic
  BOOST_CHECK_EQUAL(Warnings("\u03a3", "\u03c2"), 1u);          // Greek: a final sigma is a sigma
  BOOST_CHECK_EQUAL(Warnings("\U00010400", "\U00010428"), 1u);  // Deseret
  BOOST_CHECK_EQUAL(Warnings("stra\u00dfe", "STRASSE"), 1u);    // full folding, not simple
  BOOST_CHECK_EQUAL(Warnings("\ufb01.txt", "fi.txt"), 1u);      // so a ligature is its letters
}

BOOST_AUTO_TEST_CASE(leaves_different_paths_alone) {
  BOOST_CHECK_EQUAL(Warnings("caf\u00e9", "cafe"), 0u);
  BOOST_CHECK_EQUAL(Warnings("\U0001f600", "\U0001f601"), 0u);
  BOOST_CHECK_EQUAL(Warnings("\u00b2", "2"), 0u);  // compatibility is not equality
  BOOST_CHECK_EQUAL(Warnings("a/b", "ab"), 0u);
}

// Valid UTF-8 that no table knows must not end the program.
BOOST_AUTO_TEST_CASE(takes_noncharacters_private_use_and_unassigned_as_they_are) {
  for (const std::string_view text :
       {"\ufffe", "\ufdd0", "\U0010ffff", "\ue000", "\U000e1000", "\u0378", ""}) {
    BOOST_REQUIRE(IsValidUtf8(text));
    BOOST_CHECK_EQUAL(FoldedPath(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
