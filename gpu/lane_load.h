// The blocks of one message with its padding (FIPS 180-4 section 5.1.1) as a lane loads them, for
// host and device. Reads no byte outside the message, whatever its alignment. Thread safe.
#pragma once

#include <cstdint>

#include "gpu/lane_rounds.h"

namespace carnet::gpu {

// What one lane hashes. Do not change: host and device share its layout.
struct LaneJob {
  uint64_t address;
  uint64_t bytes;

  friend bool operator==(const LaneJob&, const LaneJob&) = default;
};

// Blocks of a message with its padding: a byte 0x80 and 8 bytes of length follow it
// (section 5.1.1).
CARNET_HOST_DEVICE uint64_t LaneBlocks(uint64_t bytes) {
  return bytes / kLaneBlockBytes + (bytes % kLaneBlockBytes + 9 > kLaneBlockBytes ? 2 : 1);
}

namespace lane {

struct alignas(16) Quad {
  uint32_t x, y, z, w;
};

CARNET_HOST_DEVICE Quad LoadQuad(const uint8_t* from) {
#if defined(__CUDA_ARCH__)
  const uint4 loaded = __ldg(reinterpret_cast<const uint4*>(from));
  return {loaded.x, loaded.y, loaded.z, loaded.w};
#else
  Quad quad;
  __builtin_memcpy(&quad, from, sizeof quad);
  return quad;
#endif
}

// Requires that `from` is a multiple of 4.
CARNET_HOST_DEVICE uint32_t LoadWord(const uint8_t* from) {
#if defined(__CUDA_ARCH__)
  return __ldg(reinterpret_cast<const uint32_t*>(from));
#else
  uint32_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
#endif
}

CARNET_HOST_DEVICE uint32_t Misalignment(const uint8_t* from, uint32_t of) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(from) % of);
}

// A block at any address, as words of memory. The aligned words that lie wholly in it are put
// together by shifts; the bytes before the first and after the last of them come one by one, so
// that nothing beyond the block is touched.
CARNET_HOST_DEVICE void LoadMisaligned(const uint8_t* from, LaneBlock& block) {
  const uint32_t shift = Misalignment(from, 4);
  uint32_t low = 0;
  if (shift == 0) {
    low = LoadWord(from);
  } else {
    CARNET_ROLLED
    for (uint32_t i = shift; i < 4; ++i) low |= uint32_t{from[i - shift]} << (8 * i);
  }
  CARNET_UNROLL
  for (uint32_t i = 0; i < kLaneBlockWords; ++i) {
    const uint8_t* const after = from + 4 * (i + 1) - shift;
    uint32_t high = 0;
    if (i + 1 < kLaneBlockWords) {
      high = LoadWord(after);
    } else {
      CARNET_ROLLED
      for (uint32_t j = 0; j < shift; ++j) high |= uint32_t{after[j]} << (8 * j);
    }
    block.word[i] = FunnelRight(low, high, 8 * shift);
    low = high;
  }
}

// 64 bytes at `from`, as words of memory. Two 32-byte sectors when they are aligned.
CARNET_HOST_DEVICE void LoadWhole(const uint8_t* from, LaneBlock& block) {
  if (Misalignment(from, 16) != 0) {
    LoadMisaligned(from, block);
    return;
  }
  CARNET_UNROLL
  for (uint32_t i = 0; i < 4; ++i) {
    const Quad quad = LoadQuad(from + 16 * i);
    block.word[4 * i] = quad.x;
    block.word[4 * i + 1] = quad.y;
    block.word[4 * i + 2] = quad.z;
    block.word[4 * i + 3] = quad.w;
  }
}

// The byte of the padded message at `at`, which is in one of its last two blocks.
CARNET_HOST_DEVICE uint32_t PaddedByte(const LaneJob& job, uint64_t at) {
  if (at < job.bytes) return reinterpret_cast<const uint8_t*>(job.address)[at];
  if (at == job.bytes) return 0x80;
  const uint64_t from_end = LaneBlocks(job.bytes) * kLaneBlockBytes - 1 - at;
  return from_end < 8 ? static_cast<uint32_t>(job.bytes * 8 >> (8 * from_end)) & 0xff : 0;
}

// Runs at most twice a message, so it is small rather than fast: the words move up through the
// block, as an index that is not known when compiling would put the block into slow memory.
CARNET_HOST_DEVICE void LoadPadded(const LaneJob& job, uint64_t number, LaneBlock& block) {
  CARNET_ROLLED
  for (uint32_t i = 0; i < kLaneBlockWords; ++i) {
    uint32_t word = 0;
    CARNET_ROLLED
    for (uint32_t j = 0; j < 4; ++j) {
      word |= PaddedByte(job, number * kLaneBlockBytes + 4 * i + j) << (8 * j);
    }
    CARNET_UNROLL
    for (uint32_t k = 0; k + 1 < kLaneBlockWords; ++k) block.word[k] = block.word[k + 1];
    block.word[kLaneBlockWords - 1] = word;
  }
}

CARNET_HOST_DEVICE void Load(const LaneJob& job, uint64_t number, LaneBlock& block) {
  if (number < job.bytes / kLaneBlockBytes) {
    LoadWhole(reinterpret_cast<const uint8_t*>(job.address) + number * kLaneBlockBytes, block);
  } else {
    LoadPadded(job, number, block);
  }
}

}  // namespace lane

}  // namespace carnet::gpu
