// Sixteen SHA-256 streams in the vectors of AVX-512 (F and BW), and eight in shorter ones (VL),
// with its rotations and functions of three inputs.
#include "crypto/sha256_eight.h"

namespace carnet::crypto {
namespace {

// Tables of functions of three inputs, for vpternlogd.
constexpr int kXor3 = 0x96;
constexpr int kChoose = 0xCA;
constexpr int kMajority = 0xE8;

struct Avx512Eight {
  using Word = __m256i;

  static Word Add(Word a, Word b) { return _mm256_add_epi32(a, b); }
  static Word Xor3(Word a, Word b, Word c) { return _mm256_ternarylogic_epi32(a, b, c, kXor3); }
  template <int Bits>
  static Word ShiftRight(Word a) {
    return _mm256_srli_epi32(a, Bits);
  }
  template <int Bits>
  static Word RotateRight(Word a) {
    return _mm256_ror_epi32(a, Bits);
  }
  static Word Choose(Word e, Word f, Word g) { return _mm256_ternarylogic_epi32(e, f, g, kChoose); }
  static Word Majority(Word a, Word b, Word c) {
    return _mm256_ternarylogic_epi32(a, b, c, kMajority);
  }
  static Word Broadcast(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
};

struct Avx512Sixteen {
  using Word = __m512i;

  static Word Add(Word a, Word b) { return _mm512_add_epi32(a, b); }
  static Word Xor3(Word a, Word b, Word c) { return _mm512_ternarylogic_epi32(a, b, c, kXor3); }
  template <int Bits>
  static Word ShiftRight(Word a) {
    return _mm512_srli_epi32(a, Bits);
  }
  template <int Bits>
  static Word RotateRight(Word a) {
    return _mm512_ror_epi32(a, Bits);
  }
  static Word Choose(Word e, Word f, Word g) { return _mm512_ternarylogic_epi32(e, f, g, kChoose); }
  static Word Majority(Word a, Word b, Word c) {
    return _mm512_ternarylogic_epi32(a, b, c, kMajority);
  }
  static Word Broadcast(uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
};

// Rows of sixteen words to columns.
[[gnu::always_inline]] inline void TransposeSixteen(__m512i (&r)[16]) {
  __m512i pairs[16];
  __m512i fours[16];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    pairs[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    pairs[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  // fours[4 k + j]: word j of every quarter, of rows 4 k to 4 k + 3.
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    const __m512i* const p = pairs + 4 * k;
    fours[4 * k] = _mm512_unpacklo_epi64(p[0], p[2]);
    fours[4 * k + 1] = _mm512_unpackhi_epi64(p[0], p[2]);
    fours[4 * k + 2] = _mm512_unpacklo_epi64(p[1], p[3]);
    fours[4 * k + 3] = _mm512_unpackhi_epi64(p[1], p[3]);
  }
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const __m512i low01 = _mm512_shuffle_i32x4(fours[j], fours[j + 4], 0x88);
    const __m512i low23 = _mm512_shuffle_i32x4(fours[j + 8], fours[j + 12], 0x88);
    const __m512i high01 = _mm512_shuffle_i32x4(fours[j], fours[j + 4], 0xDD);
    const __m512i high23 = _mm512_shuffle_i32x4(fours[j + 8], fours[j + 12], 0xDD);
    r[j] = _mm512_shuffle_i32x4(low01, low23, 0x88);
    r[j + 8] = _mm512_shuffle_i32x4(low01, low23, 0xDD);
    r[j + 4] = _mm512_shuffle_i32x4(high01, high23, 0x88);
    r[j + 12] = _mm512_shuffle_i32x4(high01, high23, 0xDD);
  }
}

void CompressSixteen(uint32_t* const* states, const uint8_t* const* data, size_t blocks) {
  const __m512i big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  alignas(64) uint32_t words[8][16];
  for (int lane = 0; lane < 16; ++lane) {
    for (int i = 0; i < 8; ++i) words[i][lane] = states[lane][i];
  }
  __m512i state[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) state[i] = _mm512_load_si512(words[i]);
  for (size_t at = 0; at < blocks * kSha256BlockBytes; at += kSha256BlockBytes) {
    __m512i w[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      w[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(data[i] + at), big_endian);
    }
    TransposeSixteen(w);
    CompressLanes<Avx512Sixteen>(state, w);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) _mm512_store_si512(words[i], state[i]);
  for (int lane = 0; lane < 16; ++lane) {
    for (int i = 0; i < 8; ++i) states[lane][i] = words[i][lane];
  }
}

}  // namespace

const Sha256Kernel kSha256Avx512x8 = {"avx512 x8", 8, CompressEight<Avx512Eight>};
const Sha256Kernel kSha256Avx512x16 = {"avx512 x16", 16, CompressSixteen};

}  // namespace carnet::crypto
