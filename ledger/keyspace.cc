#include "ledger/keyspace.h"

#include "core/byte_reader.h"
#include "core/hex.h"

namespace carnet::ledger {
namespace {

constexpr size_t kDigest = 32;

// A key being built: one allocation.
class Key {
 public:
  explicit Key(RowClass row_class) {
    text_.reserve(KeySize(row_class));
    text_.push_back(static_cast<char>(row_class));
  }
  template <typename Digest>
  Key& Add(const Digest& digest) {
    text_.append(AsText(digest.span()));
    return *this;
  }
  Key& Add(const SignerId& signer) {
    text_.append(AsText(signer.encoded()));
    return *this;
  }
  Key& Add(uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
      text_.push_back(static_cast<char>(number >> shift & 0xff));
    return *this;
  }
  Key& AddByte(uint8_t byte) {
    text_.push_back(static_cast<char>(byte));
    return *this;
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

template <typename Digest>
std::string DigestKey(RowClass row_class, const Digest& digest) {
  return Key(row_class).Add(digest).Take();
}

template <typename Target>
std::string PostingKey(RowClass row_class, const Target& target, LeafIndex index) {
  return Key(row_class).Add(target).Add(index.value()).Take();
}

// A row without a value: what it is about, and an index.
bool IsPosting(RowClass row_class) {
  return row_class == RowClass::kSubject || row_class == RowClass::kSigner ||
         row_class == RowClass::kReferrer || row_class == RowClass::kFromModel;
}

// Any 33 bytes can be described.
std::string DescribeSigner(ByteSpan bytes) {
  const auto signer = SignerId::Decode(bytes);
  return signer ? signer->ToString() : HexEncode(bytes);
}

std::string_view ClassName(RowClass row_class) {
  switch (row_class) {
    case RowClass::kRecorders:
      return "recorders";
    case RowClass::kCompletion:
      return "completion";
    case RowClass::kDedup:
      return "dedup";
    case RowClass::kEntry:
      return "entry";
    case RowClass::kFromModel:
      return "from-model";
    case RowClass::kSegment:
      return "segment";
    case RowClass::kSigner:
      return "signer";
    case RowClass::kMeta:
      return "meta";
    case RowClass::kCheckpoint:
      return "checkpoint";
    case RowClass::kPassport:
      return "passport";
    case RowClass::kReferrer:
      return "referrer";
    case RowClass::kStatement:
      return "statement";
    case RowClass::kTile:
      return "tile";
    case RowClass::kSubject:
      return "subject";
    case RowClass::kState:
      return "state";
  }
  CARNET_CHECK(false);
  return {};
}

}  // namespace

std::optional<RowClass> RowClassOf(std::string_view key) {
  static constexpr std::string_view kLetters = "acdefgkmnprstuz";
  if (key.empty() || kLetters.find(key[0]) == std::string_view::npos) return std::nullopt;
  return static_cast<RowClass>(key[0]);
}

size_t KeySize(RowClass row_class) {
  switch (row_class) {
    case RowClass::kMeta:
    case RowClass::kCheckpoint:
    case RowClass::kState:
      return 1;
    case RowClass::kEntry:
      return 1 + 8;
    case RowClass::kTile:
      return 1 + 1 + 8;
    case RowClass::kRecorders:
    case RowClass::kCompletion:
    case RowClass::kStatement:
      return 1 + kDigest;
    case RowClass::kSubject:
    case RowClass::kReferrer:
    case RowClass::kFromModel:
      return 1 + kDigest + 8;
    case RowClass::kSigner:
      return 1 + SignerId::kSize + 8;
    case RowClass::kSegment:
      return 1 + kDigest + 8 + 8;
    case RowClass::kDedup:
    case RowClass::kPassport:
      return 1 + SignerId::kSize + kDigest;
  }
  CARNET_CHECK(false);
  return 0;
}

std::string DescribeRow(std::string_view key) {
  const auto row_class = RowClassOf(key);
  if (!row_class || key.size() != KeySize(*row_class)) return "row " + HexEncode(AsBytes(key));
  std::string text(ClassName(*row_class));
  ByteReader reader(AsBytes(key.substr(1)));
  if (*row_class == RowClass::kTile) {
    const uint8_t level = *reader.U8();
    return text + " " + std::to_string(level) + "/" + std::to_string(*reader.U64Be());
  }
  if (*row_class == RowClass::kSigner || *row_class == RowClass::kPassport) {
    text += " " + DescribeSigner(*reader.Take(SignerId::kSize));
  } else if (*row_class == RowClass::kDedup) {
    text += " " + HexEncode(*reader.Take(kDigest));
    return text + " " + DescribeSigner(*reader.Take(SignerId::kSize));
  }
  while (reader.remaining() >= kDigest) text += " " + HexEncode(*reader.Take(kDigest));
  while (!reader.at_end()) text += " " + std::to_string(*reader.U64Be());
  return text;
}

std::string EntryKey(LeafIndex index) { return Key(RowClass::kEntry).Add(index.value()).Take(); }

std::string TileKey(const TilePosition& tile) {
  CARNET_CHECK(tile.level < 64);
  return Key(RowClass::kTile).AddByte(static_cast<uint8_t>(tile.level)).Add(tile.index).Take();
}

std::string StatementKey(const StatementId& id) { return DigestKey(RowClass::kStatement, id); }

std::string DedupKey(const StatementId& id, const SignerId& signer) {
  return Key(RowClass::kDedup).Add(id).Add(signer).Take();
}

std::string RecordersKey(const StatementId& run) { return DigestKey(RowClass::kRecorders, run); }

std::string SegmentKey(const SegmentPosition& segment) {
  return Key(RowClass::kSegment).Add(segment.run).Add(segment.lane).Add(segment.seq).Take();
}

std::string CompletionKey(const StatementId& run) { return DigestKey(RowClass::kCompletion, run); }

std::string PassportKey(const SignerId& signer, const ModelDigest& model) {
  return Key(RowClass::kPassport).Add(signer).Add(model).Take();
}

std::string SingleKey(RowClass row_class) {
  CARNET_CHECK(KeySize(row_class) == 1);
  return Key(row_class).Take();
}

std::string SubjectKey(const SubjectDigest& digest, LeafIndex index) {
  return PostingKey(RowClass::kSubject, digest, index);
}

std::string SignerKey(const SignerId& signer, LeafIndex index) {
  return PostingKey(RowClass::kSigner, signer, index);
}

std::string ReferrerKey(const StatementId& target, LeafIndex index) {
  return PostingKey(RowClass::kReferrer, target, index);
}

std::string FromModelKey(const ModelDigest& model, LeafIndex index) {
  return PostingKey(RowClass::kFromModel, model, index);
}

Result<LeafIndex> PostingIndex(std::string_view key) {
  const auto row_class = RowClassOf(key);
  if (!row_class || !IsPosting(*row_class) || key.size() != KeySize(*row_class))
    return Corruption(DescribeRow(key) + ": not the key of a row without a value");
  return DecodeIndex(AsBytes(key.substr(key.size() - 8)));
}

std::string DedupPrefix(const StatementId& id) { return DigestKey(RowClass::kDedup, id); }

std::string SegmentPrefix(const StatementId& run) { return DigestKey(RowClass::kSegment, run); }

std::string PrefixEnd(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  CARNET_CHECK(!prefix.empty());
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace carnet::ledger
