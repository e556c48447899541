#include "ledger/keyspace.h"

#include "core/byte_writer.h"
#include "core/hex.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;

namespace {

template <typename T>
T Filled(uint8_t byte) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(byte);
  return T(bytes);
}

std::string Hex(std::string_view text) { return HexEncode(AsBytes(text)); }

const std::string kAa(64, 'a');
const std::string kBb(64, 'b');
const auto kRunId = Filled<StatementId>(0xaa);
const SignerId kKeyAa(Filled<KeyId>(0xaa));
const SignerId kIdentityAa(Filled<IdentityDigest>(0xaa));
const SignerId kIdentityBb(Filled<IdentityDigest>(0xbb));

}  // namespace

BOOST_AUTO_TEST_SUITE(keyspace)

BOOST_AUTO_TEST_CASE(keys_are_letter_and_fixed_width_fields) {
  BOOST_CHECK_EQUAL(Hex(EntryKey(LeafIndex(258))), "650000000000000102");
  BOOST_CHECK_EQUAL(Hex(TileKey({2, 3})), "74020000000000000003");
  BOOST_CHECK_EQUAL(Hex(StatementKey(kRunId)), "73" + kAa);
  BOOST_CHECK_EQUAL(Hex(RecordersKey(kRunId)), "61" + kAa);
  BOOST_CHECK_EQUAL(Hex(CompletionKey(kRunId)), "63" + kAa);
  BOOST_CHECK_EQUAL(Hex(DedupKey(kRunId, kIdentityBb)), "64" + kAa + "02" + kBb);
  BOOST_CHECK_EQUAL(Hex(PassportKey(kKeyAa, Filled<ModelDigest>(0xbb))), "7001" + kAa + kBb);
  BOOST_CHECK_EQUAL(Hex(SegmentKey({kRunId, 1, 2})),
                    "67" + kAa + "00000000000000010000000000000002");
  BOOST_CHECK_EQUAL(Hex(SubjectKey(Filled<SubjectDigest>(0xaa), LeafIndex(7))),
                    "75" + kAa + "0000000000000007");
  BOOST_CHECK_EQUAL(Hex(SignerKey(kKeyAa, LeafIndex(7))), "6b01" + kAa + "0000000000000007");
  BOOST_CHECK_EQUAL(Hex(ReferrerKey(kRunId, LeafIndex(7))), "72" + kAa + "0000000000000007");
  BOOST_CHECK_EQUAL(Hex(FromModelKey(Filled<ModelDigest>(0xaa), LeafIndex(7))),
                    "66" + kAa + "0000000000000007");
  BOOST_CHECK_EQUAL(SingleKey(RowClass::kMeta), "m");
  BOOST_CHECK_EQUAL(SingleKey(RowClass::kCheckpoint), "n");
  BOOST_CHECK_EQUAL(SingleKey(RowClass::kState), "z");
}

BOOST_AUTO_TEST_CASE(a_key_and_an_identity_of_the_same_bytes_have_different_rows) {
  const auto model = Filled<ModelDigest>(0xbb);
  BOOST_CHECK_NE(DedupKey(kRunId, kKeyAa), DedupKey(kRunId, kIdentityAa));
  BOOST_CHECK_NE(PassportKey(kKeyAa, model), PassportKey(kIdentityAa, model));
  BOOST_CHECK_NE(SignerKey(kKeyAa, LeafIndex(7)), SignerKey(kIdentityAa, LeafIndex(7)));
  BOOST_CHECK_NE(EncodeRecorders({kKeyAa}), EncodeRecorders({kIdentityAa}));
}

BOOST_AUTO_TEST_CASE(entries_sort_by_index) {
  BOOST_CHECK_LT(EntryKey(LeafIndex(255)), EntryKey(LeafIndex(256)));
  BOOST_CHECK_LT(EntryKey(LeafIndex(~uint64_t{0} - 1)), EntryKey(LeafIndex(~uint64_t{0})));
}

BOOST_AUTO_TEST_CASE(rows_are_named_for_people) {
  BOOST_CHECK_EQUAL(DescribeRow(EntryKey(LeafIndex(17))), "entry 17");
  BOOST_CHECK_EQUAL(DescribeRow(TileKey({0, 3})), "tile 0/3");
  BOOST_CHECK_EQUAL(DescribeRow("z"), "state");
  BOOST_CHECK_EQUAL(DescribeRow(SubjectKey(Filled<SubjectDigest>(0xaa), LeafIndex(9))),
                    "subject " + kAa + " 9");
  BOOST_CHECK_EQUAL(DescribeRow(SegmentKey({kRunId, 1, 2})), "segment " + kAa + " 1 2");
  BOOST_CHECK_EQUAL(DescribeRow(SignerKey(kKeyAa, LeafIndex(9))), "signer key:" + kAa + " 9");
  BOOST_CHECK_EQUAL(DescribeRow(PassportKey(kIdentityAa, Filled<ModelDigest>(0xbb))),
                    "passport identity:" + kAa + " " + kBb);
  BOOST_CHECK_EQUAL(DescribeRow(DedupKey(kRunId, kIdentityBb)),
                    "dedup " + kAa + " identity:" + kBb);
  BOOST_CHECK_EQUAL(DescribeRow("k" + std::string(41, '\3')),
                    "signer " + Hex(std::string(33, '\3')) + " 217020518514230019");
  BOOST_CHECK_EQUAL(DescribeRow("z0"), "row 7a30");
  BOOST_CHECK_EQUAL(DescribeRow("?"), "row 3f");
  BOOST_CHECK_EQUAL(DescribeRow(""), "row ");
}

BOOST_AUTO_TEST_CASE(prefix_end_carries) {
  BOOST_CHECK_EQUAL(Hex(PrefixEnd("ab")), "6163");
  BOOST_CHECK_EQUAL(Hex(PrefixEnd(std::string("a\xff\xff", 3))), "62");
}

BOOST_AUTO_TEST_CASE(posting_index_is_the_end_of_the_key) {
  REQUIRE_VALUE(const auto index, PostingIndex(ReferrerKey(kRunId, LeafIndex(1 << 20))));
  BOOST_CHECK_EQUAL(index.value(), uint64_t{1} << 20);
  REQUIRE_VALUE(const auto of_signer, PostingIndex(SignerKey(kKeyAa, LeafIndex(5))));
  BOOST_CHECK_EQUAL(of_signer.value(), 5u);
  for (const std::string& key : {std::string("r"), std::string(), StatementKey(kRunId),
                                 "r" + SignerKey(kKeyAa, LeafIndex(5)).substr(1),
                                 "k" + ReferrerKey(kRunId, LeafIndex(5)).substr(1)}) {
    CHECK_ERROR(PostingIndex(key), ErrorCode::kCorruption, "not the key of a row without a value");
  }
}

BOOST_AUTO_TEST_CASE(meta_has_one_spelling) {
  const Meta meta{"log.example", Bytes(32, 0xaa)};
  const std::string value = EncodeMeta(meta);
  BOOST_CHECK_EQUAL(Hex(value), "00000002" + kAa + Hex("log.example"));
  REQUIRE_VALUE(const auto read, DecodeMeta(AsBytes(value)));
  BOOST_CHECK(read == meta);
  CHECK_ERROR(DecodeMeta(AsBytes(value.substr(0, 36))), ErrorCode::kCorruption, "length");
  CHECK_ERROR(DecodeMeta(AsBytes("\0\0\0")), ErrorCode::kCorruption, "short");
  CHECK_ERROR(DecodeMeta(AsBytes(std::string("\0\0\0\1", 4) + value.substr(4))),
              ErrorCode::kUnsupported, "format version 1, this program supports version 2");
}

BOOST_AUTO_TEST_CASE(state_refuses_every_flipped_bit) {
  const TreeState state{
      TreeSize(5), Filled<RootHash>(1), {Filled<NodeHash>(2), Filled<NodeHash>(3)}};
  const std::string value = EncodeState(state);
  REQUIRE_VALUE(const auto read, DecodeState(AsBytes(value)));
  BOOST_CHECK(read == state);
  for (size_t bit = 0; bit < 8 * value.size(); ++bit) {
    std::string flipped = value;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK_ERROR(DecodeState(AsBytes(flipped)), ErrorCode::kCorruption, "checksum");
  }
}

BOOST_AUTO_TEST_CASE(state_needs_a_hash_for_each_bit_of_the_size) {
  const TreeState state{
      TreeSize(4), Filled<RootHash>(1), {Filled<NodeHash>(2), Filled<NodeHash>(3)}};
  CHECK_ERROR(DecodeState(AsBytes(EncodeState(state))), ErrorCode::kCorruption,
              "number of right-edge hashes");
  CHECK_ERROR(DecodeState(AsBytes("short")), ErrorCode::kCorruption, "too short");
}

BOOST_AUTO_TEST_CASE(statement_keeps_kind_index_and_references) {
  const StatementValue statement{schemas::Kind::kRun, LeafIndex(3), {kRunId}};
  const std::string value = EncodeStatement(statement);
  BOOST_CHECK_EQUAL(Hex(value), "040000000000000003" + kAa);
  REQUIRE_VALUE(const auto read, DecodeStatement(AsBytes(value)));
  BOOST_CHECK(read == statement);
  CHECK_ERROR(DecodeStatement(AsBytes(value + "x")), ErrorCode::kCorruption,
              "whole number of digests");
  CHECK_ERROR(DecodeStatement(AsBytes("\x09" + value.substr(1))), ErrorCode::kCorruption,
              "unknown kind: number 9");
  CHECK_ERROR(DecodeStatement(AsBytes(value.substr(0, 8))), ErrorCode::kCorruption, "short");
}

BOOST_AUTO_TEST_CASE(kinds_keep_their_numbers) {
  const std::vector<std::pair<schemas::Kind, char>> numbers = {
      {schemas::Kind::kDataset, 1},  {schemas::Kind::kDevice, 2},  {schemas::Kind::kAllocation, 3},
      {schemas::Kind::kRun, 4},      {schemas::Kind::kSegment, 5}, {schemas::Kind::kCompletion, 6},
      {schemas::Kind::kPassport, 7}, {schemas::Kind::kVerdict, 8}};
  for (const auto& [kind, number] : numbers)
    BOOST_CHECK_EQUAL(EncodeStatement({kind, LeafIndex(0), {}})[0], number);
}

BOOST_AUTO_TEST_CASE(index_and_recorders_are_consumed_whole) {
  BOOST_CHECK_EQUAL(Hex(EncodeIndex(LeafIndex(258))), "0000000000000102");
  CHECK_ERROR(DecodeIndex(AsBytes("123456789")), ErrorCode::kCorruption, "eight bytes");
  CHECK_ERROR(DecodeIndex(AsBytes("1234567")), ErrorCode::kCorruption, "eight bytes");
  const std::vector<SignerId> signers = {kKeyAa, kIdentityBb, kIdentityAa};
  const std::string value = EncodeRecorders(signers);
  BOOST_CHECK_EQUAL(Hex(value), "01" + kAa + "02" + kBb + "02" + kAa);
  REQUIRE_VALUE(const auto read, DecodeRecorders(AsBytes(value)));
  BOOST_CHECK(read == signers);
  CHECK_ERROR(DecodeRecorders(AsBytes("")), ErrorCode::kCorruption, "no signer");
  CHECK_ERROR(DecodeRecorders(AsBytes("x")), ErrorCode::kCorruption, "whole number of signers");
  CHECK_ERROR(DecodeRecorders(AsBytes(value.substr(0, 65))), ErrorCode::kCorruption,
              "whole number of signers");
  CHECK_ERROR(DecodeRecorders(AsBytes(value.substr(0, 33) + "\3" + value.substr(34))),
              ErrorCode::kCorruption, "item 1 is not a signer");
}

BOOST_AUTO_TEST_SUITE_END()
