// Values of ledger rows: what a decoder takes, the encoder writes as the same bytes; any bytes can
// be described as a key. The first byte picks the decoder.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "ledger/index_terms.h"
#include "ledger/keyspace.h"
#include "ledger/tile_rows.h"

using carnet::AsText;
using carnet::ByteSpan;
using namespace carnet::ledger;

namespace {

template <typename Decode, typename Encode>
void CheckCodec(ByteSpan value, Decode decode, Encode encode) {
  const auto decoded = decode(value);
  if (decoded) CARNET_CHECK(encode(*decoded) == AsText(value));
}

void CheckTile(ByteSpan value) {
  const auto tile = Tile::Decode(value);
  if (!tile) return;
  CARNET_CHECK(tile->Encode() == AsText(value));
  CARNET_CHECK(!tile->Node(0, tile->width()));
  if (const auto bad = tile->FindBadNode({0, 0}))
    CARNET_CHECK(tile->Node(bad->height, bad->offset));
}

// A state's checksum keeps the fuzzer out: what is behind it is reached by writing one.
void CheckState(ByteSpan value) {
  CheckCodec(value, DecodeState, EncodeState);
  if (value.size() < carnet::RootHash::kSize) return;
  const carnet::TreeSize size(value[0]);
  const auto root = carnet::RootHash::FromSpan(value.first(carnet::RootHash::kSize));
  const std::vector<carnet::NodeHash> edge(value[1] % 9, carnet::Retag<carnet::NodeHash>(*root));
  const std::string encoded = EncodeState({size, *root, edge});
  CheckCodec(carnet::AsBytes(encoded), DecodeState, EncodeState);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteSpan value(data + 1, size - 1);
  CARNET_CHECK(!DescribeRow(AsText(value)).empty());
  switch (data[0] % 7) {
    case 0:
      CheckCodec(value, DecodeMeta, EncodeMeta);
      break;
    case 1:
      CheckState(value);
      break;
    case 2:
      CheckCodec(value, DecodeStatement, EncodeStatement);
      break;
    case 3:
      CheckCodec(value, DecodeIndex, EncodeIndex);
      break;
    case 4:
      CheckCodec(value, DecodeRecorders, EncodeRecorders);
      break;
    case 5:
      CheckCodec(value, DecodeTerms, [](const IndexTerms& terms) -> std::string {
        return std::string(AsText(EncodeTerms(terms)));
      });
      break;
    default:
      CheckTile(value);
  }
  return 0;
}
