#include "schemas/stored.h"

#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

constexpr size_t kSignerWords = 5;  // 33 bytes, padded

SignerId Filled(uint8_t byte) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(byte);
  return SignerId(KeyId(bytes));
}

const SignerId kSigner = Filled(0x77);

StoredAttestation Empty() {
  return {.payload = {}, .signature = {}, .spki = {}, .signer = kSigner};
}

StoredAttestation Sample() {
  const std::string payload = R"({"_type":"https://in-toto.io/Statement/v1"})";
  return {.payload = ToBytes(AsBytes(payload)),
          .signature = {0x30, 0x45, 0x02, 0x21, 0x00},
          .spki = Bytes(91, 0x59),
          .signer = kSigner};
}

BOOST_AUTO_TEST_CASE(records_of_every_size_come_back) {
  for (size_t size : {0u, 1u, 7u, 8u, 9u, 4096u, 100000u, 4000000u}) {
    StoredAttestation stored = Sample();
    stored.payload.assign(size, 0xa5);
    const std::string encoded = EncodeStored(stored);
    BOOST_CHECK_LT(encoded.size(), size + 256);
    REQUIRE_VALUE(const StoredAttestation decoded, DecodeStored(AsBytes(encoded)));
    BOOST_CHECK(decoded == stored);
  }
  REQUIRE_VALUE(const StoredAttestation empty, DecodeStored(AsBytes(EncodeStored(Empty()))));
  BOOST_CHECK(empty == Empty());
}

// The form on disk, by hand from Cap'n Proto's encoding specification: segment table (one segment
// of 13 words), pointer to a struct of four pointers, four byte lists.
BOOST_AUTO_TEST_CASE(form_on_disk_is_fixed) {
  const std::string encoded =
      EncodeStored({.payload = {1}, .signature = {2, 3}, .spki = {4}, .signer = kSigner});
  std::vector<uint8_t> expected = {
      0,  0, 0, 0, 13,   0, 0, 0,                          // segments - 1, words
      0,  0, 0, 0, 0,    0, 4, 0,                          // root: struct, 0 data, 4 pointers
      13, 0, 0, 0, 0x0a, 0, 0, 0,                          // list at +3, 1 byte
      13, 0, 0, 0, 0x12, 0, 0, 0,                          // list at +3, 2 bytes
      13, 0, 0, 0, 0x0a, 0, 0, 0,                          // list at +3, 1 byte
      13, 0, 0, 0, 0x0a, 1, 0, 0,                          // list at +3, 33 bytes
      1,  0, 0, 0, 0,    0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0,  // padded to words
      4,  0, 0, 0, 0,    0, 0, 0, 1,                       // 1: a key
  };
  expected.insert(expected.end(), 32, 0x77);
  expected.insert(expected.end(), 7, 0);
  const auto bytes = AsBytes(encoded);
  BOOST_CHECK_EQUAL_COLLECTIONS(bytes.begin(), bytes.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(refuses_cut_and_lengthened_records) {
  const std::string encoded = EncodeStored(Sample());
  for (size_t size = 0; size < encoded.size(); ++size) {
    BOOST_CHECK(!DecodeStored(AsBytes(encoded.substr(0, size))));
  }
  CHECK_ERROR(DecodeStored(AsBytes(encoded.substr(0, 9))), ErrorCode::kMalformed,
              "whole number of words");
  CHECK_ERROR(DecodeStored(AsBytes(encoded.substr(0, 16))), ErrorCode::kMalformed, "stored record");
  CHECK_ERROR(DecodeStored(AsBytes(encoded + std::string(8, '\0'))), ErrorCode::kMalformed,
              "trailing data");
}

BOOST_AUTO_TEST_CASE(refuses_a_signer_of_no_form) {
  const std::string encoded = EncodeStored(Sample());
  const size_t form = encoded.size() - 8 * kSignerWords;
  for (const char byte : {'\0', '\3', 'k'}) {
    std::string changed = encoded;
    changed[form] = byte;
    CHECK_ERROR(DecodeStored(AsBytes(changed)), ErrorCode::kMalformed,
                "stored record: signer is not a signer id");
  }
  std::string identity = encoded;
  identity[form] = 2;
  REQUIRE_VALUE(const StoredAttestation read, DecodeStored(AsBytes(identity)));
  BOOST_CHECK(read.signer == SignerId(Retag<IdentityDigest>(*kSigner.key())));
  BOOST_CHECK(!(read == Sample()));
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_crashes_the_reader) {
  const std::string encoded = EncodeStored(Sample());
  size_t refused = 0;
  for (size_t bit = 0; bit < 8 * encoded.size(); ++bit) {
    std::string flipped = encoded;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto decoded = DecodeStored(AsBytes(flipped));
    refused += !decoded.has_value();
  }
  BOOST_CHECK_GT(refused, 50);
}

// Two lists that share their words: reading both would need more than the message holds.
BOOST_AUTO_TEST_CASE(refuses_lists_that_overlap) {
  std::string encoded =
      EncodeStored({.payload = Bytes(800, 1), .signature = {}, .spki = {2}, .signer = kSigner});
  // The third pointer is two words after the first: the same list is two words nearer.
  encoded.replace(32, 8, encoded.substr(16, 8));
  encoded[32] = static_cast<char>(encoded[32] - 2 * 4);
  CHECK_ERROR(DecodeStored(AsBytes(encoded)), ErrorCode::kMalformed, "limit");
}

}  // namespace
}  // namespace carnet::schemas
