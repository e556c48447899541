// Two to four SHA-256 streams interleaved in one core's SHA instructions.
#include <immintrin.h>

#include "crypto/sha256_kernel.h"

namespace carnet::crypto {
namespace {

// The state as the SHA instructions expect it: {A, B, E, F} and {C, D, G, H}.
struct State {
  __m128i abef;
  __m128i cdgh;
};

[[gnu::always_inline]] inline __m128i Load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

[[gnu::always_inline]] inline void Store(void* to, __m128i value) {
  _mm_storeu_si128(static_cast<__m128i*>(to), value);
}

[[gnu::always_inline]] inline State LoadState(const uint32_t* h) {
  const __m128i cdab = _mm_shuffle_epi32(Load(h), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(Load(h + 4), 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

[[gnu::always_inline]] inline void StoreState(const State& state, uint32_t* h) {
  const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xB1);
  Store(h, _mm_blend_epi16(feba, dchg, 0xF0));
  Store(h + 4, _mm_alignr_epi8(dchg, feba, 8));
}

// FIPS 180-4 section 6.2.2 step 1, four words at once: W[t+16..t+19].
[[gnu::always_inline]] inline __m128i Expand(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
  return _mm_sha256msg2_epu32(sum, w3);
}

[[gnu::always_inline]] inline void FourRounds(State& state, __m128i words, __m128i constants) {
  const __m128i sum = _mm_add_epi32(words, constants);
  state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
  state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

// The instructions of one stream wait for each other, but not for those of another stream: hence
// the inner loops over streams.
template <size_t Streams>
[[gnu::always_inline]] inline void CompressBlock(State* states, const uint8_t* const* data,
                                                 size_t at) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  State before[Streams];
  __m128i words[Streams][4];
#pragma GCC unroll 4
  for (size_t lane = 0; lane < Streams; ++lane) before[lane] = states[lane];
#pragma GCC unroll 16
  for (size_t group = 0; group < 16; ++group) {
    const __m128i constants = Load(&kSha256Constants[4 * group]);
#pragma GCC unroll 4
    for (size_t lane = 0; lane < Streams; ++lane) {
      __m128i* const w = words[lane];
      if (group < 4) {
        w[group] = _mm_shuffle_epi8(Load(data[lane] + at + 16 * group), big_endian);
      } else {
        w[group & 3] =
            Expand(w[group & 3], w[(group + 1) & 3], w[(group + 2) & 3], w[(group + 3) & 3]);
      }
      FourRounds(states[lane], w[group & 3], constants);
    }
  }
#pragma GCC unroll 4
  for (size_t lane = 0; lane < Streams; ++lane) {
    states[lane].abef = _mm_add_epi32(states[lane].abef, before[lane].abef);
    states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, before[lane].cdgh);
  }
}

template <size_t Streams>
void Compress(uint32_t* const* states, const uint8_t* const* data, size_t blocks) {
  State held[Streams];
#pragma GCC unroll 4
  for (size_t i = 0; i < Streams; ++i) held[i] = LoadState(states[i]);
  for (size_t at = 0; at < blocks * kSha256BlockBytes; at += kSha256BlockBytes) {
    CompressBlock<Streams>(held, data, at);
  }
#pragma GCC unroll 4
  for (size_t i = 0; i < Streams; ++i) StoreState(held[i], states[i]);
}

}  // namespace

const Sha256Kernel kSha256ShaNi2 = {"sha-ni x2", 2, Compress<2>};
const Sha256Kernel kSha256ShaNi3 = {"sha-ni x3", 3, Compress<3>};
const Sha256Kernel kSha256ShaNi4 = {"sha-ni x4", 4, Compress<4>};

}  // namespace carnet::crypto
