#include <fmt/core.h>

#include <bit>

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "crypto/sha256.h"
#include "ledger/keyspace.h"

namespace carnet::ledger {
namespace {

constexpr std::string_view kStateDomain = "carnet-tree-state-v1\n";
constexpr size_t kDigestSize = 32;

template <typename Digest>
Result<std::vector<Digest>> TakeDigests(ByteReader& reader) {
  if (reader.remaining() % kDigestSize != 0)
    return Corruption("length is not a whole number of digests");
  std::vector<Digest> digests;
  digests.reserve(reader.remaining() / kDigestSize);
  while (!reader.at_end()) digests.push_back(*Digest::FromSpan(*reader.Take(kDigestSize)));
  return digests;
}

template <typename Digest>
void PutDigests(ByteWriter& writer, const std::vector<Digest>& digests) {
  for (const Digest& digest : digests) writer.Append(digest.span());
}

}  // namespace

std::string EncodeMeta(const Meta& meta) {
  CARNET_CHECK(meta.public_key.size() == kDigestSize && meta.origin.size() <= 255);
  return ByteWriter().U32Be(kFormatVersion).Append(meta.public_key).Append(meta.origin).Take();
}

Result<Meta> DecodeMeta(ByteSpan value) {
  ByteReader reader(value);
  const auto version = reader.U32Be();
  if (!version) return Corruption("too short");
  if (*version != kFormatVersion)
    return Unsupported(fmt::format("format version {}, this program supports version {}", *version,
                                   kFormatVersion));
  const auto public_key = reader.Take(kDigestSize);
  if (!public_key || reader.at_end() || reader.remaining() > 255) return Corruption("bad length");
  return Meta{std::string(AsText(*reader.Take(reader.remaining()))), ToBytes(*public_key)};
}

std::string EncodeState(const TreeState& state) {
  ByteWriter writer;
  writer.U64Be(state.size.value()).Append(state.root.span());
  PutDigests(writer, state.edge);
  const auto checksum = crypto::Sha256().Update(kStateDomain).Update(writer.text()).Finish();
  return writer.Append(checksum.span()).Take();
}

Result<TreeState> DecodeState(ByteSpan value) {
  if (value.size() < 8 + 2 * kDigestSize) return Corruption("too short");
  const ByteSpan body = value.first(value.size() - kDigestSize);
  const auto checksum = crypto::Sha256().Update(kStateDomain).Update(body).Finish();
  if (AsText(checksum.span()) != AsText(value.last(kDigestSize)))
    return Corruption("checksum differs");
  ByteReader reader(body);
  const TreeSize size(*reader.U64Be());
  const RootHash root = *RootHash::FromSpan(*reader.Take(kDigestSize));
  CARNET_TRY(auto edge, TakeDigests<NodeHash>(reader));
  if (edge.size() != static_cast<size_t>(std::popcount(size.value())))
    return Corruption("number of right-edge hashes does not match the size");
  return TreeState{size, root, std::move(edge)};
}

std::string EncodeStatement(const StatementValue& statement) {
  ByteWriter writer;
  writer.U8(schemas::RowOf(statement.kind).stored).U64Be(statement.index.value());
  PutDigests(writer, statement.references);
  return writer.Take();
}

Result<StatementValue> DecodeStatement(ByteSpan value) {
  ByteReader reader(value);
  const auto number = reader.U8();
  const auto index = reader.U64Be();
  if (!number || !index) return Corruption("too short");
  const auto kind = schemas::KindOfStored(*number);
  if (!kind) return Corruption("unknown kind: number " + std::to_string(*number));
  CARNET_TRY(auto references, TakeDigests<StatementId>(reader));
  return StatementValue{*kind, LeafIndex(*index), std::move(references)};
}

std::string EncodeIndex(LeafIndex index) { return ByteWriter().U64Be(index.value()).Take(); }

Result<LeafIndex> DecodeIndex(ByteSpan value) {
  ByteReader reader(value);
  const auto index = reader.U64Be();
  if (!index || !reader.at_end()) return Corruption("expected an index of eight bytes");
  return LeafIndex(*index);
}

std::string EncodeRecorders(const std::vector<SignerId>& signers) {
  ByteWriter writer;
  for (const SignerId& signer : signers) writer.Append(signer.encoded());
  return writer.Take();
}

Result<std::vector<SignerId>> DecodeRecorders(ByteSpan value) {
  if (value.empty()) return Corruption("no signer");
  if (value.size() % SignerId::kSize != 0)
    return Corruption("length is not a whole number of signers");
  ByteReader reader(value);
  std::vector<SignerId> signers;
  signers.reserve(value.size() / SignerId::kSize);
  while (!reader.at_end()) {
    const auto signer = SignerId::Decode(*reader.Take(SignerId::kSize));
    if (!signer) return Corruption(fmt::format("item {} is not a signer id", signers.size()));
    signers.push_back(*signer);
  }
  return signers;
}

}  // namespace carnet::ledger
