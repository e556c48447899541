#include "schemas/stored.h"

#include "core/hex.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

SignerId Filled(uint8_t byte) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(byte);
  return SignerId(KeyId(bytes));
}

const SignerId kSigner = Filled(0x77);

StatementId FilledId(uint8_t byte) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(byte);
  return StatementId(bytes);
}

const StatementId kId = FilledId(0x11);

StoredAttestation With(std::variant<Bytes, Absence> content) {
  return {kId, {0x30, 0x45, 0x02, 0x21, 0x00}, Bytes(91, 0x59), kSigner, std::move(content)};
}

StoredAttestation Sample() {
  const std::string payload = R"({"_type":"https://in-toto.io/Statement/v1"})";
  return With(ToBytes(AsBytes(payload)));
}

Absence Erased(std::string reason) {
  return {AbsenceCause::kErased, TimestampMs(1'800'000'000'000), std::move(reason), {7, 8, 9}};
}

BOOST_AUTO_TEST_CASE(records_of_every_size_come_back) {
  for (size_t size : {0u, 1u, 7u, 8u, 9u, 4096u, 100000u, 4000000u}) {
    const StoredAttestation stored = With(Bytes(size, 0xa5));
    const std::string encoded = EncodeStored(stored);
    BOOST_CHECK_LT(encoded.size(), size + 256);
    REQUIRE_VALUE(const StoredAttestation decoded, DecodeStored(AsBytes(encoded)));
    BOOST_CHECK(decoded == stored);
  }
  const StoredAttestation empty = {kId, {}, {}, kSigner, Bytes()};
  REQUIRE_VALUE(const StoredAttestation decoded, DecodeStored(AsBytes(EncodeStored(empty))));
  BOOST_CHECK(decoded == empty);
}

// As they were written before there were certificates: by the version before, in hex.
constexpr std::string_view kOldRecord =
    "00000000140000000000000001000500000000000000000011000000020100001d0000002a0000001d00"
    "00004a000000210000000a010000310000001a0000001111111111111111111111111111111111111111"
    "111111111111111111111111304502210000000059595959595959595900000000000000017777777777"
    "777777777777777777777777777777777777777777777777777777000000000000000102030000000000";
constexpr std::string_view kOldAbsence =
    "00000000190000000000000001000500010000000000000011000000020100001d0000002a0000001d00"
    "00004a000000210000000a01000030000000020002001111111111111111111111111111111111111111"
    "111111111111111111111111304502210000000059595959595959595900000000000000017777777777"
    "777777777777777777777777777777777777777777777777777777000000000000000100000000000000"
    "00505c18a30100000500000022000000050000001a00000077687900000000000708090000000000";

BOOST_AUTO_TEST_CASE(records_from_before_certificates_are_read_and_written_as_they_were) {
  const Bytes key(9, 0x59);
  const Bytes signature = {0x30, 0x45, 2, 0x21, 0};
  const StoredAttestation old = {kId, signature, key, kSigner, Bytes{1, 2, 3}};
  BOOST_CHECK_EQUAL(HexEncode(AsBytes(EncodeStored(old))), kOldRecord);
  const auto bytes = HexDecode(kOldRecord);
  REQUIRE_VALUE(const StoredAttestation read, DecodeStored(bytes.value()));
  BOOST_CHECK(read == old);
  BOOST_CHECK(read.certificate.empty() && read.timestamps.empty());
  const StoredAttestation absent = {kId, signature, key, kSigner, Erased("why")};
  BOOST_CHECK_EQUAL(HexEncode(AsBytes(EncodeStored(absent))), kOldAbsence);
  REQUIRE_VALUE(const StoredAttestation read_absent, DecodeStored(*HexDecode(kOldAbsence)));
  BOOST_CHECK(read_absent == absent);
}

BOOST_AUTO_TEST_CASE(certificates_and_time_stamps_come_back) {
  const Bytes longest(kMaxStoredTimestampBytes, 0x42);
  for (const bool certified : {false, true}) {
    for (const std::vector<Bytes>& timestamps :
         {std::vector<Bytes>(), std::vector<Bytes>{{1, 2, 3}},
          std::vector<Bytes>(kMaxStoredTimestamps, longest)}) {
      for (const bool erased : {false, true}) {
        StoredAttestation stored = Sample();
        if (certified) {
          stored.certificate = Bytes(1'000, 0x43);
          stored.spki.clear();
        }
        stored.timestamps = timestamps;
        if (erased) stored.content = Erased("why");
        const std::string encoded = EncodeStored(stored);
        REQUIRE_VALUE(const StoredAttestation decoded, DecodeStored(AsBytes(encoded)));
        BOOST_CHECK(decoded == stored);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_record_of_both_a_key_and_a_certificate) {
  StoredAttestation stored = Sample();
  stored.certificate = {1};
  CHECK_ERROR(DecodeStored(AsBytes(EncodeStored(stored))), ErrorCode::kMalformed,
              "both a key and a certificate");
}

BOOST_AUTO_TEST_CASE(absences_come_back) {
  for (const AbsenceCause cause : {AbsenceCause::kWithheld, AbsenceCause::kErased}) {
    for (const std::string& reason :
         {std::string(), std::string("a court order"), std::string(kMaxReasonBytes, 'x')}) {
      Absence absence = Erased(reason);
      absence.cause = cause;
      const StoredAttestation stored = With(absence);
      REQUIRE_VALUE(const StoredAttestation decoded, DecodeStored(AsBytes(EncodeStored(stored))));
      BOOST_CHECK(decoded == stored);
      BOOST_CHECK(!(decoded == Sample()));
    }
  }
}

// The form on disk, by hand from Cap'n Proto's encoding specification: segment table (one segment
// of 19 words), pointer to a struct of one data word, the union's tag, and five pointers, byte
// lists.
BOOST_AUTO_TEST_CASE(form_on_disk_is_fixed) {
  const std::string encoded = EncodeStored({kId, {2, 3}, {4}, kSigner, Bytes{1}});
  std::vector<uint8_t> expected = {
      0,  0, 0, 0, 19,   0, 0, 0,  // segments - 1, words
      0,  0, 0, 0, 1,    0, 5, 0,  // root: struct, 1 data, 5 pointers
      0,  0, 0, 0, 0,    0, 0, 0,  // tag: payload
      17, 0, 0, 0, 0x02, 1, 0, 0,  // list at +4, 32 bytes
      29, 0, 0, 0, 0x12, 0, 0, 0,  // list at +7, 2 bytes
      29, 0, 0, 0, 0x0a, 0, 0, 0,  // list at +7, 1 byte
      29, 0, 0, 0, 0x0a, 1, 0, 0,  // list at +7, 33 bytes
      45, 0, 0, 0, 0x0a, 0, 0, 0,  // list at +11, 1 byte
  };
  expected.insert(expected.end(), 32, 0x11);
  const std::vector<uint8_t> rest = {2, 3, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1};
  expected.insert(expected.end(), rest.begin(), rest.end());  // the last: 1, a key
  expected.insert(expected.end(), 32, 0x77);
  expected.insert(expected.end(), 7, 0);
  const std::vector<uint8_t> payload = {1, 0, 0, 0, 0, 0, 0, 0};
  expected.insert(expected.end(), payload.begin(), payload.end());
  const auto bytes = AsBytes(encoded);
  BOOST_CHECK_EQUAL_COLLECTIONS(bytes.begin(), bytes.end(), expected.begin(), expected.end());
}

// Its last 48 bytes: in the place of the payload a struct of two data words and two pointers.
BOOST_AUTO_TEST_CASE(form_of_an_absence_on_disk_is_fixed) {
  const Absence absence = {AbsenceCause::kErased, TimestampMs(0x0102), "r", {9}};
  const std::string encoded = EncodeStored({kId, {2, 3}, {4}, kSigner, absence});
  const std::vector<uint8_t> expected = {
      1,   0, 0, 0, 0,    0, 0, 0,                         // erased
      2,   1, 0, 0, 0,    0, 0, 0,                         // since
      5,   0, 0, 0, 0x12, 0, 0, 0,                         // list at +1, 2 bytes: "r" and NUL
      5,   0, 0, 0, 0x0a, 0, 0, 0,                         // list at +1, 1 byte
      'r', 0, 0, 0, 0,    0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0  // padded to words
  };
  BOOST_REQUIRE_EQUAL(encoded.size(), 8u * 25);
  BOOST_CHECK_EQUAL(encoded[16], 1);  // the tag
  const auto tail = AsBytes(encoded).last(expected.size());
  BOOST_CHECK_EQUAL_COLLECTIONS(tail.begin(), tail.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(refuses_an_absence_that_nobody_wrote) {
  const std::string encoded = EncodeStored(With(Erased("x")));
  const size_t absence = encoded.size() - 48;
  std::string changed = encoded;
  changed[absence] = 2;
  CHECK_ERROR(DecodeStored(AsBytes(changed)), ErrorCode::kMalformed, "unknown cause of absence");
  changed = encoded;
  changed[absence + 14] = 1;
  CHECK_ERROR(DecodeStored(AsBytes(changed)), ErrorCode::kMalformed, "beyond the year 9999");
  changed = encoded;
  changed[16] = 2;
  CHECK_ERROR(DecodeStored(AsBytes(changed)), ErrorCode::kMalformed, "neither payload nor absence");
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
  const size_t form = encoded.find(std::string(32, '\x77')) - 1;
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

BOOST_AUTO_TEST_CASE(refuses_a_statement_that_is_not_a_digest) {
  std::string encoded = EncodeStored(Sample());
  encoded[28] = static_cast<char>(31 << 3 | 2);  // of the first list pointer: its count
  encoded[29] = 0;
  CHECK_ERROR(DecodeStored(AsBytes(encoded)), ErrorCode::kMalformed,
              "stored record: statement is not a digest");
}

// Two lists that share their words: reading both would need more than the message holds.
BOOST_AUTO_TEST_CASE(refuses_lists_that_overlap) {
  std::string encoded = EncodeStored({kId, Bytes(800, 1), {2}, kSigner, Bytes()});
  // The third pointer is a word after the second: the same list is a word nearer.
  encoded.replace(40, 8, encoded.substr(32, 8));
  encoded[40] = static_cast<char>(encoded[40] - 4);
  CHECK_ERROR(DecodeStored(AsBytes(encoded)), ErrorCode::kMalformed, "limit");
}

}  // namespace
}  // namespace carnet::schemas
