#include "merkle/hasher.h"

#include <algorithm>
#include <array>

#include "crypto/sha256.h"

namespace carnet::merkle {
namespace {

constexpr std::array<uint8_t, 1> kLeafPrefix{0x00};
constexpr uint8_t kNodePrefix = 0x01;

}  // namespace

LeafHash HashLeaf(ByteSpan entry) {
  return Retag<LeafHash>(crypto::Sha256().Update(kLeafPrefix).Update(entry).Finish());
}

NodeHash HashChildren(const NodeHash& left, const NodeHash& right) {
  std::array<uint8_t, 1 + 2 * NodeHash::kSize> input;
  input[0] = kNodePrefix;
  std::copy_n(left.data(), NodeHash::kSize, input.begin() + 1);
  std::copy_n(right.data(), NodeHash::kSize, input.begin() + 1 + NodeHash::kSize);
  return Retag<NodeHash>(crypto::Sha256Of(input));
}

RootHash EmptyRoot() { return Retag<RootHash>(crypto::Sha256Of(ByteSpan())); }

}  // namespace carnet::merkle
