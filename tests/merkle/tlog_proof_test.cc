#include "merkle/tlog_proof.h"

#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "tests/merkle/tiled_log.h"

namespace carnet::merkle {
namespace {

const std::string kHash = "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=";  // any 32 bytes
const std::string kNote = "log.example\n3\n" + kHash + "\n\n\u2014 log.example AAAAAGJsYWJsYQ==\n";
const std::string kFirst = "c2sp.org/tlog-proof@v1\n";

struct Refused {
  std::string name;
  std::string text;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const Refused& one) { return out << one.name; }
};

std::string Repeated(const std::string& text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

const Refused kRefused[] = {
    {"nothing", "", "first line"},
    {"another_version", "c2sp.org/tlog-proof@v2\nindex 1\n\n" + kNote, "first line"},
    {"no_index", kFirst + "\n" + kNote, "index"},
    {"index_with_leading_zero", kFirst + "index 01\n\n" + kNote, "index"},
    {"index_beyond_64_bits", kFirst + "index 18446744073709551616\n\n" + kNote, "index"},
    {"index_before_extra", kFirst + "index 1\nextra YWFh\n\n" + kNote, "hash"},
    {"extra_twice", kFirst + "extra YWFh\nextra YWFh\nindex 1\n\n" + kNote, "index"},
    {"extra_empty", kFirst + "extra \nindex 1\n\n" + kNote, "extra"},
    {"extra_no_base64", kFirst + "extra YW\nindex 1\n\n" + kNote, "extra"},
    {"hash_of_3_bytes", kFirst + "index 1\nYWFh\n\n" + kNote, "hash"},
    {"hash_no_base64", kFirst + "index 1\n" + kHash.substr(1) + "\n\n" + kNote, "hash"},
    {"hashes_65", kFirst + "index 1\n" + Repeated(kHash + "\n", 65) + "\n" + kNote, "more than 64"},
    {"no_empty_line", kFirst + "index 1\n" + kHash + "\n", "no empty line"},
    {"no_checkpoint", kFirst + "index 1\n\n", "note"},
    {"unsigned_checkpoint", kFirst + "index 1\n\nlog.example\n3\n" + kHash + "\n", "note"},
    {"trailing_line", kFirst + "index 1\n\n" + kNote + "more\n", "not a signature line"},
    {"too_large", kFirst + "extra " + Repeated("YWFh", 65536) + "\nindex 1\n\n" + kNote,
     "256 KiB"}};

BOOST_AUTO_TEST_SUITE(tlog_proof)

BOOST_AUTO_TEST_CASE(reads_what_the_specification_shows_and_writes_it_again) {
  for (const std::string& text :
       {kFirst + "index 0\n\n" + kNote,
        kFirst + "index 5\n" + kHash + "\n" + kHash + "\n\n" + kNote,
        kFirst + "extra YWFh\nindex 18446744073709551615\n" + kHash + "\n\n" + kNote}) {
    REQUIRE_VALUE(const TlogProof proof, ParseTlogProof(text));
    BOOST_CHECK_EQUAL(proof.checkpoint, kNote);
    BOOST_CHECK_EQUAL(WriteTlogProof(proof), text);
  }
}

BOOST_AUTO_TEST_CASE(keeps_every_field) {
  REQUIRE_VALUE(const TlogProof proof,
                ParseTlogProof(kFirst + "extra YWFh\nindex 7\n" + kHash + "\n\n" + kNote));
  BOOST_CHECK_EQUAL(AsText(proof.extra), "aaa");
  BOOST_CHECK_EQUAL(proof.index.value(), 7u);
  BOOST_REQUIRE_EQUAL(proof.proof.hashes.size(), 1u);
  BOOST_CHECK_EQUAL(Base64Encode(proof.proof.hashes[0].span()), kHash);
}

BOOST_AUTO_TEST_CASE(carries_a_receipt_of_a_real_log,
                     *boost::unit_test::precondition(carnet::test::HasVectors("tlog"))) {
  const auto tree = test::LogTree();
  const std::string text = WriteTlogProof(
      {{}, LeafIndex(4), {tree.Inclusion(4, 0, 15)}, test::VectorFile("log/checkpoint")});
  REQUIRE_VALUE(const TlogProof proof, ParseTlogProof(text));
  REQUIRE_VALUE(const auto head, VerifiedCheckpoint::Verify(proof.checkpoint, test::LogKey()));
  BOOST_CHECK(
      CheckInclusion(proof.index, head.size(), tree.Leaf(4), proof.proof, head.root()).has_value());
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), one) {
  CHECK_ERROR(ParseTlogProof(one.text), ErrorCode::kMalformed, one.reason);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
