#include "merkle/checkpoint.h"

#include "tests/merkle/tiled_log.h"

namespace carnet::merkle {
namespace {

using test::kLogSize;

const std::string kRoot = "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=";  // any 32 bytes
const std::string kEmptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

std::string LogCheckpoint(uint64_t size) {
  return test::VectorFile("log/checkpoint." + std::to_string(size));
}

struct Text {
  std::string name;
  std::string text;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const Text& one) { return out << one.name; }
};

const Text kRefused[] = {
    {"nothing", "", "fewer than three lines"},
    {"two_lines", "log.example\n3\n", "fewer than three lines"},
    {"root_line_cut", "log.example\n3\n" + kRoot, "fewer than three lines"},
    {"origin_empty", "\n3\n" + kRoot + "\n", "origin"},
    {"size_with_leading_zero", "log.example\n03\n" + kRoot + "\n", "size"},
    {"size_with_sign", "log.example\n+3\n" + kRoot + "\n", "size"},
    {"size_with_space", "log.example\n3 \n" + kRoot + "\n", "size"},
    {"size_empty", "log.example\n\n" + kRoot + "\n", "size"},
    {"size_beyond_64_bits", "log.example\n18446744073709551616\n" + kRoot + "\n", "size"},
    {"root_of_31_bytes", "log.example\n3\nWqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavA==\n", "root"},
    {"root_no_base64", "log.example\n3\n" + kRoot.substr(1) + "\n", "root"},
    {"root_with_carriage_return", "log.example\n3\n" + kRoot + "\r\n", "root"},
    {"another_empty_root", "log.example\n0\n" + kRoot + "\n", "wrong root for the empty tree"},
    {"empty_extension", "log.example\n3\n" + kRoot + "\n\n", "empty extension"},
    {"extension_cut", "log.example\n3\n" + kRoot + "\nextra", "does not end in LF"}};

const Text kRefusedOrigins[] = {
    {"empty", "", "empty"},
    {"too_long", std::string(256, 'a'), "255 bytes"},
    {"space", "log example", "space"},
    {"no_break_space", "log\u00a0example", "space"},
    {"ideographic_space", "log\u3000example", "space"},
    {"plus", "log+example", "'+'"},
    {"tab", "log\texample", "control"},
    {"line_feed", "log\nexample", "control"},
    {"right_to_left", "log\u202eexample", "control"},
    {"bad_utf8", "log\xff", "UTF-8"},
    {"rekor_v1", "rekor.sigstore.dev - 1193050959916656506", "Rekor v1"}};

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_SUITE(of_tessera, *boost::unit_test::precondition(carnet::test::HasVectors("tlog")))

BOOST_AUTO_TEST_CASE(all_sixteen_verify_and_name_the_root_of_the_entries) {
  const auto tree = test::LogTree();
  BOOST_REQUIRE_EQUAL(tree.size(), kLogSize);
  for (uint64_t size = 0; size <= kLogSize; ++size) {
    REQUIRE_VALUE(const auto verified,
                  VerifiedCheckpoint::Verify(LogCheckpoint(size), test::LogKey()));
    BOOST_CHECK_EQUAL(verified.size().value(), size);
    BOOST_CHECK(verified.root() == tree.Root(size));
    BOOST_CHECK_EQUAL(verified.checkpoint().origin, "example.com/log/testdata");
    BOOST_CHECK(verified.checkpoint().extensions.empty());
  }
  BOOST_CHECK_EQUAL(test::VectorFile("log/checkpoint"), LogCheckpoint(kLogSize));
}

BOOST_AUTO_TEST_CASE(all_sixteen_are_signed_to_the_same_bytes) {
  const auto tree = test::LogTree();
  const auto private_key = test::PublishedKey("example.com/log/testdata");
  for (uint64_t size = 0; size <= kLogSize; ++size) {
    const Checkpoint ours{"example.com/log/testdata", TreeSize(size), tree.Root(size), {}};
    BOOST_CHECK_EQUAL(SignCheckpoint(ours, test::LogKey(), private_key), LogCheckpoint(size));
  }
}

BOOST_AUTO_TEST_CASE(greased_with_unknown_signatures_one_verifies) {
  const std::string note = LogCheckpoint(3) +
                           "\u2014 grease.invalid AAAAAGJsYWJsYQ==\n"
                           "\u2014 example.com/log/testdata AAAAAGJsYWJsYQ==\n";
  BOOST_CHECK(VerifiedCheckpoint::Verify(note, test::LogKey()).has_value());
}

BOOST_AUTO_TEST_CASE(one_of_another_size_or_text_is_refused) {
  const std::string note = LogCheckpoint(3);
  const size_t split = note.find("\n\n");
  const std::string signatures = note.substr(split + 1);
  const std::string other_text = LogCheckpoint(4).substr(0, LogCheckpoint(4).find("\n\n") + 1);
  CHECK_ERROR(VerifiedCheckpoint::Verify(other_text + signatures, test::LogKey()),
              ErrorCode::kRejected, "bad signature by example.com/log/testdata");
  const std::string extended = note.substr(0, split + 1) + "extension\n" + signatures;
  CHECK_ERROR(VerifiedCheckpoint::Verify(extended, test::LogKey()), ErrorCode::kRejected,
              "bad signature");
}

BOOST_AUTO_TEST_CASE(one_of_another_origin_or_key_is_refused) {
  const auto other = crypto::Ed25519PrivateKey::Generate();
  REQUIRE_VALUE(const auto same_name,
                NoteKey::Create("example.com/log/testdata", other.public_key()));
  CHECK_ERROR(VerifiedCheckpoint::Verify(LogCheckpoint(3), same_name), ErrorCode::kRejected,
              "no signature by a known key");
  REQUIRE_VALUE(const auto same_key, NoteKey::Create("log.example", test::LogKey().key()));
  CHECK_ERROR(VerifiedCheckpoint::Verify(LogCheckpoint(3), same_key), ErrorCode::kRejected,
              "expected origin log.example, found example.com/log/testdata");
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_is_refused) {
  const std::string note = LogCheckpoint(7);
  for (size_t at = 0; at < note.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = note;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      BOOST_CHECK(!VerifiedCheckpoint::Verify(changed, test::LogKey()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(extension_lines_are_read) {
  REQUIRE_VALUE(const auto parsed,
                ParseUnverifiedCheckpoint("log.example\n3\n" + kRoot + "\none two\nthree\n"));
  BOOST_CHECK(parsed.extensions == (std::vector<std::string>{"one two", "three"}));
}

BOOST_AUTO_TEST_CASE(the_empty_tree_has_the_empty_root) {
  REQUIRE_VALUE(const auto parsed,
                ParseUnverifiedCheckpoint("log.example\n0\n" + kEmptyRoot + "\n"));
  BOOST_CHECK_EQUAL(parsed.size.value(), 0u);
  BOOST_CHECK_EQUAL(CheckpointText(parsed), "log.example\n0\n" + kEmptyRoot + "\n");
}

BOOST_AUTO_TEST_CASE(the_largest_size_is_read) {
  REQUIRE_VALUE(const auto parsed,
                ParseUnverifiedCheckpoint("log.example\n18446744073709551615\n" + kRoot + "\n"));
  BOOST_CHECK_EQUAL(parsed.size.value(), UINT64_MAX);
}

BOOST_DATA_TEST_CASE(refuses_text, boost::unit_test::data::make(kRefused), one) {
  CHECK_ERROR(ParseUnverifiedCheckpoint(one.text), ErrorCode::kMalformed, one.reason);
}

BOOST_DATA_TEST_CASE(refuses_origin, boost::unit_test::data::make(kRefusedOrigins), one) {
  CHECK_ERROR(CheckOrigin(one.text), ErrorCode::kMalformed, one.reason);
}

BOOST_AUTO_TEST_CASE(accepts_origins_of_real_logs) {
  for (const char* origin : {"localhost", "log2025-1.rekor.sigstore.dev",
                             "example.com/log/testdata", "sigsum.org/v1/tree/0a1b"}) {
    BOOST_CHECK_MESSAGE(CheckOrigin(origin).has_value(), origin);
  }
  BOOST_CHECK(CheckOrigin(std::string(255, 'a')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
