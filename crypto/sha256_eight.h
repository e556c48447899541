// Private to the vector kernels: eight streams in vectors of 256 bits. `V` as sha256_lanes.h has
// it, of which only the operations depend on what the processor has beyond AVX2.
#pragma once

#include <immintrin.h>

#include "crypto/sha256_kernel.h"
#include "crypto/sha256_lanes.h"

namespace carnet::crypto {
namespace {

[[gnu::always_inline]] inline __m256i LoadEight(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

// Rows of eight words to columns.
[[gnu::always_inline]] inline void TransposeEight(__m256i* r) {
  __m256i pairs[8];
  __m256i fours[8];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    pairs[2 * i] = _mm256_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    pairs[2 * i + 1] = _mm256_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    const __m256i* const p = pairs + 4 * i;
    fours[4 * i] = _mm256_unpacklo_epi64(p[0], p[2]);
    fours[4 * i + 1] = _mm256_unpackhi_epi64(p[0], p[2]);
    fours[4 * i + 2] = _mm256_unpacklo_epi64(p[1], p[3]);
    fours[4 * i + 3] = _mm256_unpackhi_epi64(p[1], p[3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
    r[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
  }
}

template <class V>
void CompressEight(uint32_t* const* states, const uint8_t* const* data, size_t blocks) {
  const __m256i big_endian =
      _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  __m256i state[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) state[i] = LoadEight(states[i]);
  TransposeEight(state);
  for (size_t at = 0; at < blocks * kSha256BlockBytes; at += kSha256BlockBytes) {
    __m256i w[16];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      w[i] = _mm256_shuffle_epi8(LoadEight(data[i] + at), big_endian);
      w[i + 8] = _mm256_shuffle_epi8(LoadEight(data[i] + at + 32), big_endian);
    }
    TransposeEight(w);
    TransposeEight(w + 8);
    CompressLanes<V>(state, w);
  }
  TransposeEight(state);
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    _mm256_storeu_si256(static_cast<__m256i*>(static_cast<void*>(states[i])), state[i]);
  }
}

}  // namespace
}  // namespace carnet::crypto
