// The state of a SHA-256 stream and one compression of it (FIPS 180-4), for host and device. Values
// only. Thread safe.
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define CARNET_HOST_DEVICE __host__ __device__ __forceinline__
#define CARNET_UNROLL _Pragma("unroll")
#define CARNET_ROLLED _Pragma("unroll 1")
#else
#define CARNET_HOST_DEVICE inline
#define CARNET_UNROLL _Pragma("GCC unroll 64")
#define CARNET_ROLLED
#endif

namespace carnet::gpu {

constexpr uint64_t kLaneBlockBytes = 64;
constexpr uint32_t kLaneBlockWords = 16;

// Lies in device memory between launches. Do not change: host and device share its layout.
struct LaneState {
  uint32_t h[8];
};

struct LaneBlock {
  uint32_t word[kLaneBlockWords];
};

// Section 5.3.3.
CARNET_HOST_DEVICE LaneState FirstLaneState() {
  return {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
           0x5be0cd19}};
}

namespace lane {

// `low` and then `high` as 64 bits, shifted right by 0 to 31 bits.
CARNET_HOST_DEVICE uint32_t FunnelRight(uint32_t low, uint32_t high, uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __funnelshift_r(low, high, bits);
#else
  return static_cast<uint32_t>(((uint64_t{high} << 32) | low) >> bits);
#endif
}

CARNET_HOST_DEVICE uint32_t RotateRight(uint32_t x, uint32_t bits) {
  return FunnelRight(x, x, bits);
}

CARNET_HOST_DEVICE uint32_t SwapBytes(uint32_t x) {
#if defined(__CUDA_ARCH__)
  return __byte_perm(x, 0, 0x0123);
#else
  return __builtin_bswap32(x);
#endif
}

// The compilers make one LOP3 of each of these.
CARNET_HOST_DEVICE uint32_t Choose(uint32_t x, uint32_t y, uint32_t z) {
  return (x & y) ^ (~x & z);
}
CARNET_HOST_DEVICE uint32_t Majority(uint32_t x, uint32_t y, uint32_t z) {
  return (x & y) ^ (x & z) ^ (y & z);
}
CARNET_HOST_DEVICE uint32_t BigSigma0(uint32_t x) {
  return RotateRight(x, 2) ^ RotateRight(x, 13) ^ RotateRight(x, 22);
}
CARNET_HOST_DEVICE uint32_t BigSigma1(uint32_t x) {
  return RotateRight(x, 6) ^ RotateRight(x, 11) ^ RotateRight(x, 25);
}
CARNET_HOST_DEVICE uint32_t SmallSigma0(uint32_t x) {
  return RotateRight(x, 7) ^ RotateRight(x, 18) ^ (x >> 3);
}
CARNET_HOST_DEVICE uint32_t SmallSigma1(uint32_t x) {
  return RotateRight(x, 17) ^ RotateRight(x, 19) ^ (x >> 10);
}

// Section 4.2.2. In the function, as device code may take no address of a constant outside; with
// the rounds unrolled each becomes part of an instruction.
CARNET_HOST_DEVICE constexpr uint32_t RoundConstant(uint32_t round) {
  constexpr uint32_t kConstants[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};
  return kConstants[round];
}

// Section 6.2.2. The eight working variables turn by index, never by moves; `block` becomes the
// circular schedule, so that no more than 16 of its words exist.
CARNET_HOST_DEVICE void Compress(LaneState& state, LaneBlock& block) {
  uint32_t v[8];
  CARNET_UNROLL
  for (uint32_t i = 0; i < 8; ++i) v[i] = state.h[i];
  CARNET_UNROLL
  for (uint32_t t = 0; t < 64; ++t) {
    uint32_t& w = block.word[t % 16];
    if (t >= 16) {
      w += SmallSigma0(block.word[(t + 1) % 16]) + block.word[(t + 9) % 16] +
           SmallSigma1(block.word[(t + 14) % 16]);
    }
    const uint32_t a = v[(64 - t) % 8], b = v[(65 - t) % 8], c = v[(66 - t) % 8];
    const uint32_t e = v[(68 - t) % 8], f = v[(69 - t) % 8], g = v[(70 - t) % 8];
    uint32_t& d = v[(67 - t) % 8];
    uint32_t& h = v[(71 - t) % 8];
    h += RoundConstant(t) + w;
    h += BigSigma1(e) + Choose(e, f, g);
    d += h;
    h += BigSigma0(a) + Majority(a, b, c);
  }
  CARNET_UNROLL
  for (uint32_t i = 0; i < 8; ++i) state.h[i] += v[i];
}

}  // namespace lane

}  // namespace carnet::gpu
