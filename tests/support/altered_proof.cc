#include "tests/support/altered_proof.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/check.h"
#include "merkle/build_proof.h"

namespace carnet::test {
namespace {

bool alive = false;
bool armed = false;

NodeHash WithBitChanged(const NodeHash& hash) {
  std::array<uint8_t, NodeHash::kSize> bytes;
  std::copy(hash.span().begin(), hash.span().end(), bytes.begin());
  bytes[0] ^= 4;
  return NodeHash(bytes);
}

}  // namespace

AlteredProof::AlteredProof() {
  CARNET_CHECK(!alive);
  alive = armed = true;
}

AlteredProof::~AlteredProof() { alive = armed = false; }

bool AlteredProof::fired() const { return !armed; }

// The linker passes calls of FoldProof here, and makes it known as `__real_…`.
#define CARNET_FOLD_PROOF                                       \
  "_ZN6carnet6merkle9FoldProofERKNS0_9FetchListESt4spanIKNS_10" \
  "FixedBytesINS_11NodeHashTagELm32EEELm18446744073709551615EE"
std::vector<NodeHash> RealFoldProof(
    const merkle::FetchList& list,
    std::span<const NodeHash> hashes) asm("__real_" CARNET_FOLD_PROOF);
std::vector<NodeHash> WrapFoldProof(
    const merkle::FetchList& list,
    std::span<const NodeHash> hashes) asm("__wrap_" CARNET_FOLD_PROOF);
std::vector<NodeHash> WrapFoldProof(const merkle::FetchList& list,
                                    std::span<const NodeHash> hashes) {
  std::vector<NodeHash> proof = RealFoldProof(list, hashes);
  if (!armed || proof.empty()) return proof;
  armed = false;
  proof.back() = WithBitChanged(proof.back());
  return proof;
}

}  // namespace carnet::test
