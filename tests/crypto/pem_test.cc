#include "crypto/pem.h"

#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

// base64 of 48 letters 'a': one line of 64 characters.
std::string Full() {
  std::string line;
  for (int i = 0; i < 16; ++i) line += "YWFh";
  return line;
}

std::string Block(const std::string& body) {
  return "-----BEGIN PUBLIC KEY-----\n" + body + "-----END PUBLIC KEY-----\n";
}

struct Refused {
  std::string name;
  std::string text;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const Refused& one) { return out << one.name; }
};

const Refused kRefused[] = {
    {"nothing", "", "no PEM block"},
    {"no_block", "some text\n", "no PEM block"},
    {"label_in_small_letters", "-----BEGIN key-----\nYWFh\n-----END key-----\n", "no PEM block"},
    {"label_empty", "-----BEGIN -----\nYWFh\n-----END -----\n", "no PEM block"},
    {"begin_line_too_short", "-----BEGIN ---\nYWFh\n", "no PEM block"},
    {"no_end", "-----BEGIN PUBLIC KEY-----\nYWFh\n", "up to \"-----END PUBLIC KEY-----\""},
    {"end_of_another", "-----BEGIN PUBLIC KEY-----\nYWFh\n-----END KEY-----\n", "up to \"-----END"},
    {"header_lines", Block("Proc-Type: 4,ENCRYPTED\n\nYWFh\n"), "lines of 64"},
    {"blank_line", Block("\nYWFh\n"), "lines of 64"},
    {"line_too_long", Block(Full() + "YWFh\n"), "lines of 64"},
    {"short_line_in_the_middle", Block("YWFh\n" + Full() + "\n"), "lines of 64"},
    {"carriage_returns", Block("YWFh\r\n"), "not base64"},
    {"no_base64", Block("YW.h\n"), "not base64"},
    {"no_padding", Block("YQ\n"), "not base64"},
    {"empty_body", Block(""), "not base64"},
    {"second_block", Block("YWFh\n") + Block("YWFh\n"), "trailing data after the PEM block"},
    {"text_after", Block("YWFh\n") + "\n", "trailing data after the PEM block"}};

BOOST_AUTO_TEST_SUITE(pem)

BOOST_AUTO_TEST_CASE(reads_a_block_after_other_text) {
  REQUIRE_VALUE(const PemBlock block, ParsePem("Public-Key: (256 bit)\n" + Block("YWFh\n")));
  BOOST_CHECK_EQUAL(block.label, "PUBLIC KEY");
  BOOST_CHECK_EQUAL(AsText(block.body.Expose()), "aaa");
}

BOOST_AUTO_TEST_CASE(reads_a_block_without_the_last_line_feed) {
  std::string text = Block(Full() + "\nYWFh\n");
  text.pop_back();
  REQUIRE_VALUE(const PemBlock block, ParsePem(text));
  BOOST_CHECK_EQUAL(AsText(block.body.Expose()), std::string(51, 'a'));
}

BOOST_AUTO_TEST_CASE(writes_lines_of_64_characters) {
  BOOST_CHECK_EQUAL(WritePem("PUBLIC KEY", AsBytes(std::string(48, 'a'))), Block(Full() + "\n"));
  BOOST_CHECK_EQUAL(WritePem("PUBLIC KEY", AsBytes(std::string(49, 'a'))),
                    Block(Full() + "\nYQ==\n"));
}

BOOST_AUTO_TEST_CASE(gives_back_what_cosign_wrote, *boost::unit_test::precondition(test::HasVectors(
                                                       "cosign/encrypted-cosign-n32768.key"))) {
  for (const char* name : {"encrypted-cosign-n32768.key", "encrypted-sigstore-n32768.key"}) {
    const std::string text = test::Slurp(test::VectorsFolder() / "cosign" / name);
    REQUIRE_VALUE(const PemBlock block, ParsePem(text));
    BOOST_CHECK_EQUAL(WritePem(block.label, block.body.Expose()), text);
  }
}

BOOST_AUTO_TEST_CASE(gives_back_the_key_pair_that_cosign_wrote,
                     *boost::unit_test::precondition(test::HasVectors("cosign/cosign.key"))) {
  for (const char* name : {"cosign.key", "cosign.pub"}) {
    const std::string text = test::Slurp(test::VectorsFolder() / "cosign" / name);
    REQUIRE_VALUE(const PemBlock block, ParsePem(text));
    BOOST_CHECK_EQUAL(WritePem(block.label, block.body.Expose()), text);
  }
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), one) {
  CHECK_ERROR(ParsePem(one.text), ErrorCode::kMalformed, one.reason);
}

// As npm publishes its key.
BOOST_AUTO_TEST_CASE(lines_may_have_any_length_where_that_is_asked_for) {
  const std::string text = Block(Full() + "YWFh\n");
  REQUIRE_VALUE(const PemBlock block, ParsePem(text, PemLines::kOfAnyLength));
  BOOST_CHECK_EQUAL(block.body.size(), 51);
  REQUIRE_VALUE(const PemBlock short_lines,
                ParsePem(Block("YWFh\n" + Full() + "\n"), PemLines::kOfAnyLength));
  BOOST_CHECK_EQUAL(short_lines.body.size(), 51);
  CHECK_ERROR(ParsePem(Block("\nYWFh\n"), PemLines::kOfAnyLength), ErrorCode::kMalformed,
              "expected lines of base64 up to");
}

// As services answer with them.
BOOST_AUTO_TEST_CASE(blocks_of_a_file_may_be_of_one_line) {
  REQUIRE_VALUE(const auto blocks, ParsePemBlocks(Block(Full() + "YWFh\n") + Block("YWFh\n"), 2));
  BOOST_REQUIRE_EQUAL(blocks.size(), 2U);
  BOOST_CHECK_EQUAL(blocks[0].body.size(), 51);
  CHECK_ERROR(ParsePemBlocks(Block("\nYWFh\n"), 2), ErrorCode::kMalformed,
              "expected lines of base64 up to");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
