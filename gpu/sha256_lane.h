// SHA-256 (FIPS 180-4) of one message by one lane, a slice of blocks at a time: the code that a
// thread of the GPU runs, and that tests run on the host. Thread safe: values only.
#pragma once

#include <cstdint>

#include "gpu/lane_load.h"
#include "gpu/lane_rounds.h"

namespace carnet::gpu {

// Advances `state` over the blocks [first, first + count) of the padded message, as far as it has
// them. The next block is on its way from memory while one is compressed.
// Requires that `state` was advanced over all blocks before `first`.
CARNET_HOST_DEVICE void AdvanceLane(LaneState& state, const LaneJob& job, uint64_t first,
                                    uint64_t count) {
  const uint64_t blocks = LaneBlocks(job.bytes);
  if (first >= blocks) return;
  const uint64_t end = count < blocks - first ? first + count : blocks;
  LaneBlock block{};
  CARNET_ROLLED
  for (uint64_t number = first;; ++number) {  // loads this block, compresses the one before
    LaneBlock next{};
    if (number < end) lane::Load(job, number, next);
    if (number > first) lane::Compress(state, block);
    if (number == end) return;
    CARNET_UNROLL
    for (uint32_t i = 0; i < kLaneBlockWords; ++i) block.word[i] = lane::SwapBytes(next.word[i]);
  }
}

}  // namespace carnet::gpu
