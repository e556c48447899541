#include "merkle/add_checkpoint.h"

#include "core/base64.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "tests/merkle/tiled_log.h"

namespace carnet::merkle {
namespace {

const std::string kAnyHash = "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=";
const std::string kAnyNote =
    "log.example\n3\n" + kAnyHash + "\n\n\u2014 log.example AAAAAGJsYWJsYQ==\n";

std::string Hashes(size_t count) {
  std::string lines;
  for (size_t i = 0; i < count; ++i) lines += kAnyHash + "\n";
  return lines;
}

struct RefusedBody {
  std::string name;
  std::string text;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const RefusedBody& one) {
    return out << one.name;
  }
};

const RefusedBody kRefusedBodies[] = {
    {"nothing", "", "first line must be `old` and a size"},
    {"no_size", "old \n\n" + kAnyNote, "first line must be `old` and a size"},
    {"leading_zero", "old 01\n\n" + kAnyNote, "first line must be `old` and a size"},
    {"beyond_64_bits", "old 18446744073709551616\n\n" + kAnyNote, "first line must be `old`"},
    {"another_word", "new 1\n\n" + kAnyNote, "first line must be `old` and a size"},
    {"hash_of_3_bytes", "old 1\nYWFh\n\n" + kAnyNote, "hash is not base64 of 32 bytes"},
    {"hashes_64", "old 1\n" + Hashes(64) + "\n" + kAnyNote, "more than 63 hashes"},
    {"hashes_for_the_empty_tree", "old 0\n" + Hashes(1) + "\n" + kAnyNote, "for the empty tree"},
    {"no_empty_line", "old 1\n" + Hashes(2), "no empty line before the checkpoint"},
    {"no_checkpoint", "old 1\n\n", "note"},
    {"trailing_line", "old 1\n\n" + kAnyNote + "more\n", "not a signature line"},
    {"too_large", "old 1\n\n" + std::string(70 * 1024, 'a'), "larger than 68 KiB"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(add_checkpoint)

BOOST_AUTO_TEST_CASE(reads_what_the_specification_says_and_writes_it_again) {
  for (const size_t count : {0U, 1U, 63U}) {
    const std::string text = "old 20852163\n" + Hashes(count) + "\n" + kAnyNote;
    REQUIRE_VALUE(const AddCheckpoint body, ParseAddCheckpoint(text));
    BOOST_CHECK_EQUAL(body.old_size.value(), 20852163U);
    BOOST_CHECK_EQUAL(body.proof.hashes.size(), count);
    BOOST_CHECK_EQUAL(body.checkpoint, kAnyNote);
    BOOST_CHECK_EQUAL(WriteAddCheckpoint(body), text);
  }
}

BOOST_AUTO_TEST_CASE(shows_that_one_checkpoint_of_a_real_log_continues_another,
                     *boost::unit_test::precondition(carnet::test::HasVectors("tlog"))) {
  const auto tree = test::LogTree();
  for (uint64_t from = 1; from < test::kLogSize; ++from) {
    const std::string text = WriteAddCheckpoint({TreeSize(from),
                                                 {tree.Consistency(0, from, test::kLogSize)},
                                                 test::VectorFile("log/checkpoint.15")});
    REQUIRE_VALUE(const AddCheckpoint body, ParseAddCheckpoint(text));
    REQUIRE_VALUE(const auto older,
                  VerifiedCheckpoint::Verify(
                      test::VectorFile("log/checkpoint." + std::to_string(from)), test::LogKey()));
    REQUIRE_VALUE(const auto newer, VerifiedCheckpoint::Verify(body.checkpoint, test::LogKey()));
    BOOST_CHECK(CheckConsistency(older.size(), older.root(), newer.size(), newer.root(), body.proof)
                    .has_value());
  }
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefusedBodies), one) {
  CHECK_ERROR(ParseAddCheckpoint(one.text), ErrorCode::kMalformed, one.reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::merkle
