// Every row of the database, keys and values, one codec each. Persistent: do not change.
//
// A key is one letter and then fixed-width fields: digests as they are, signers as 33 bytes (form,
// digest: core/signer_id.h), integers big-endian, so that rows of one digest are adjacent, by
// ascending index.
//
//   letter row        key after the letter      value
//   a  recorders      run                       who may sign for the run, its signer first
//   c  completion     run                       index
//   d  dedup          statement, signer         index; only for kinds without a head: a head
//                                               names the signer, and `s` is enough
//   e  entry          index                     schemas/stored.h
//   f  from-model     model digest, index       -; a run with an edge from the model
//   g  segment        run, lane, seq            index
//   k  signer         signer, index             -
//   m  meta           -                         version, origin, public key of the log
//   n  checkpoint     -                         the last signed note; may lag behind the guard
//   p  passport       signer, model digest      index of the first
//   r  referrer       target statement, index   -
//   s  statement      statement                 kind, index of the first, strong references
//   t  tile           level (u8), index         ledger/tile_rows.h
//   u  subject        subject digest, index     -
//   z  state          -                         size, root, right edge, checksum
//
// Segments, completions and passports enter g, c and p only as docs/rules.md, "Cases", allows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "schemas/kind.h"

namespace carnet::ledger {

enum class RowClass : char {
  kRecorders = 'a',
  kCompletion = 'c',
  kDedup = 'd',
  kEntry = 'e',
  kFromModel = 'f',
  kSegment = 'g',
  kSigner = 'k',
  kMeta = 'm',
  kCheckpoint = 'n',
  kPassport = 'p',
  kReferrer = 'r',
  kStatement = 's',
  kTile = 't',
  kSubject = 'u',
  kState = 'z',
};

using RowSink = std::function<void(std::string key, std::string value)>;

// Absent for a letter that no row has.
std::optional<RowClass> RowClassOf(std::string_view key);
// "entry 17", "tile 0/3", "subject <hex> 17": for messages; any bytes are accepted.
std::string DescribeRow(std::string_view key);
// Bytes of a key of this class, the letter included.
size_t KeySize(RowClass row_class);

struct TilePosition {
  uint32_t level;
  uint64_t index;

  friend bool operator==(const TilePosition&, const TilePosition&) = default;
  friend auto operator<=>(const TilePosition&, const TilePosition&) = default;
};

struct SegmentPosition {
  StatementId run;
  uint64_t lane;
  uint64_t seq;
};

std::string EntryKey(LeafIndex index);
std::string TileKey(const TilePosition& tile);
std::string StatementKey(const StatementId& id);
std::string DedupKey(const StatementId& id, const SignerId& signer);
std::string RecordersKey(const StatementId& run);
std::string SegmentKey(const SegmentPosition& segment);
std::string CompletionKey(const StatementId& run);
std::string PassportKey(const SignerId& signer, const ModelDigest& model);
std::string SingleKey(RowClass row_class);  // meta, checkpoint, state

// Rows without a value: a digest or signer, and an index.
std::string SubjectKey(const SubjectDigest& digest, LeafIndex index);
std::string SignerKey(const SignerId& signer, LeafIndex index);
std::string ReferrerKey(const StatementId& target, LeafIndex index);
std::string FromModelKey(const ModelDigest& model, LeafIndex index);
// The index at the end of such a key. Errors: corruption.
Result<LeafIndex> PostingIndex(std::string_view key);

std::string DedupPrefix(const StatementId& id);
std::string SegmentPrefix(const StatementId& run);
// The first key after all keys that begin with `prefix`. Requires a prefix that is not all FF.
std::string PrefixEnd(std::string prefix);

// Values. Decoders accept exactly what the encoder writes. Errors: corruption.

struct Meta {
  std::string origin;
  Bytes public_key;  // Ed25519, raw

  friend bool operator==(const Meta&, const Meta&) = default;
};
inline constexpr uint32_t kFormatVersion = 2;  // 1 had no statement id in entries
std::string EncodeMeta(const Meta& meta);
Result<Meta> DecodeMeta(ByteSpan value);  // Errors also: unsupported (another version)

struct TreeState {
  TreeSize size;
  RootHash root;
  std::vector<NodeHash> edge;  // merkle::RangeNodes(size)

  friend bool operator==(const TreeState&, const TreeState&) = default;
};
std::string EncodeState(const TreeState& state);
Result<TreeState> DecodeState(ByteSpan value);

struct StatementValue {
  schemas::Kind kind;
  LeafIndex index;
  std::vector<StatementId> references;

  friend bool operator==(const StatementValue&, const StatementValue&) = default;
};
std::string EncodeStatement(const StatementValue& statement);
Result<StatementValue> DecodeStatement(ByteSpan value);

std::string EncodeIndex(LeafIndex index);
Result<LeafIndex> DecodeIndex(ByteSpan value);

std::string EncodeRecorders(const std::vector<SignerId>& signers);
Result<std::vector<SignerId>> DecodeRecorders(ByteSpan value);

}  // namespace carnet::ledger
