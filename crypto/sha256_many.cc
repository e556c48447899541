#include "crypto/sha256_many.h"

#include <algorithm>
#include <array>
#include <vector>

#include "crypto/sha256_context.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace carnet::crypto {
namespace {

constexpr size_t kBlockBytes = 64;
constexpr size_t kMaxLanes = 4;

// Whole blocks of one stream that wait to be compressed. The stream's own buffer is empty.
struct Lane {
  Sha256* stream;
  const uint8_t* data;
  size_t blocks;
};

#if defined(__x86_64__)

alignas(16) constexpr std::array<uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define CARNET_SHA_NI __attribute__((target("sha,sse4.1,ssse3")))
#define CARNET_SHA_NI_INLINE CARNET_SHA_NI __attribute__((always_inline)) inline

// The state as the SHA instructions expect it: {A, B, E, F} and {C, D, G, H}.
struct State {
  __m128i abef;
  __m128i cdgh;
};

CARNET_SHA_NI_INLINE __m128i Load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

CARNET_SHA_NI_INLINE State LoadState(const SHA_LONG* h) {
  const __m128i cdab = _mm_shuffle_epi32(Load(h), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(Load(h + 4), 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

CARNET_SHA_NI_INLINE void StoreState(const State& state, SHA_LONG* h) {
  const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xB1);
  _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(h)), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(h + 4)),
                   _mm_alignr_epi8(dchg, feba, 8));
}

// FIPS 180-4 section 6.2.2 step 1, four words at once: W[t+16..t+19].
CARNET_SHA_NI_INLINE __m128i Expand(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
  return _mm_sha256msg2_epu32(sum, w3);
}

CARNET_SHA_NI_INLINE void FourRounds(State& state, __m128i words, __m128i constants) {
  const __m128i sum = _mm_add_epi32(words, constants);
  state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
  state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

// One block of each of N streams. The instructions of one stream wait for each other, but not for
// those of another stream: hence the inner loops over streams.
template <size_t N>
CARNET_SHA_NI_INLINE void CompressBlock(std::array<State, N>& states,
                                        const std::array<const uint8_t*, N>& data) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const std::array<State, N> before = states;
  __m128i words[N][4];
#pragma GCC unroll 16
  for (size_t group = 0; group < 16; ++group) {
    const __m128i constants = Load(&kRoundConstants[4 * group]);
#pragma GCC unroll 4
    for (size_t lane = 0; lane < N; ++lane) {
      __m128i* const w = words[lane];
      if (group < 4) {
        w[group] = _mm_shuffle_epi8(Load(data[lane] + 16 * group), big_endian);
      } else {
        w[group % 4] =
            Expand(w[group % 4], w[(group + 1) % 4], w[(group + 2) % 4], w[(group + 3) % 4]);
      }
      FourRounds(states[lane], w[group % 4], constants);
    }
  }
#pragma GCC unroll 4
  for (size_t lane = 0; lane < N; ++lane) {
    states[lane].abef = _mm_add_epi32(states[lane].abef, before[lane].abef);
    states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, before[lane].cdgh);
  }
}

// `blocks` blocks of each of the first N lanes. Requires that each has that many.
template <size_t N>
CARNET_SHA_NI void Compress(std::span<Lane> lanes, size_t blocks) {
  std::array<State, N> states;
  std::array<const uint8_t*, N> data;
  for (size_t i = 0; i < N; ++i) {
    states[i] = LoadState(Sha256Access::Context(*lanes[i].stream).h);
    data[i] = lanes[i].data;
  }
  for (size_t block = 0; block < blocks; ++block) {
    CompressBlock<N>(states, data);
    for (size_t i = 0; i < N; ++i) data[i] += kBlockBytes;
  }
  for (size_t i = 0; i < N; ++i) StoreState(states[i], Sha256Access::Context(*lanes[i].stream).h);
}

bool HasShaInstructions() {
  static const bool present = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (b & bit_SHA) == 0) return false;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_1) != 0 && (c & bit_SSSE3) != 0;
  }();
  return present;
}

#else

bool HasShaInstructions() { return false; }

template <size_t N>
void Compress(std::span<Lane>, size_t) {}  // never called without SHA instructions

#endif

// The message length that OpenSSL's context counts, in bits, over two words.
void CountBytes(Sha256& stream, uint64_t bytes) {
  SHA256_CTX& context = Sha256Access::Context(stream);
  const uint64_t bits = ((uint64_t{context.Nh} << 32) | context.Nl) + bytes * 8;
  context.Nh = static_cast<SHA_LONG>(bits >> 32);
  context.Nl = static_cast<SHA_LONG>(bits);
}

// As many blocks of each of the lanes as the shortest has.
void CompressTogether(std::span<Lane> lanes) {
  size_t blocks = lanes[0].blocks;
  for (const Lane& lane : lanes) blocks = std::min(blocks, lane.blocks);
  switch (lanes.size()) {
    case 2:
      Compress<2>(lanes, blocks);
      break;
    case 3:
      Compress<3>(lanes, blocks);
      break;
    default:
      Compress<4>(lanes, blocks);
      break;
  }
  for (Lane& lane : lanes) {
    CountBytes(*lane.stream, blocks * kBlockBytes);
    lane.data += blocks * kBlockBytes;
    lane.blocks -= blocks;
  }
}

// How many lanes to run side by side. The longest stream cannot be split, so more lanes than it
// takes to keep it company to its end would only leave it alone for longer.
size_t UsefulLanes(const std::vector<Lane>& longest_first) {
  size_t total = 0;
  for (const Lane& lane : longest_first) total += lane.blocks;
  const size_t longest = longest_first.front().blocks;
  return std::min(kMaxLanes, (total + longest - 1) / longest);
}

void CompressAll(std::vector<Lane> waiting) {
  if (waiting.empty()) return;
  std::sort(waiting.begin(), waiting.end(),
            [](const Lane& a, const Lane& b) { return a.blocks > b.blocks; });
  std::vector<Lane> active;
  const size_t width = UsefulLanes(waiting);
  auto next = waiting.begin();
  while (true) {
    while (active.size() < width && next != waiting.end()) active.push_back(*next++);
    if (active.size() < 2) break;
    CompressTogether(active);
    std::erase_if(active, [](const Lane& lane) { return lane.blocks == 0; });
  }
  for (const Lane& lane : active) lane.stream->Update({lane.data, lane.blocks * kBlockBytes});
}

}  // namespace

void UpdateMany(std::span<const StreamInput> inputs) {
  if (!HasShaInstructions() || inputs.size() < 2) {
    for (const StreamInput& input : inputs) input.stream->Update(input.bytes);
    return;
  }
  std::vector<Lane> lanes;
  std::vector<StreamInput> tails;
  for (const StreamInput& input : inputs) {
    const size_t buffered = Sha256Access::Context(*input.stream).num;
    const size_t fill = buffered == 0 ? 0 : std::min(kBlockBytes - buffered, input.bytes.size());
    if (fill != 0) input.stream->Update(input.bytes.first(fill));
    const ByteSpan rest = input.bytes.subspan(fill);
    const size_t blocks = rest.size() / kBlockBytes;
    if (blocks != 0) lanes.push_back({input.stream, rest.data(), blocks});
    tails.push_back({input.stream, rest.subspan(blocks * kBlockBytes)});
  }
  CompressAll(std::move(lanes));
  for (const StreamInput& tail : tails) tail.stream->Update(tail.bytes);
}

std::string_view Sha256ManyKernel() { return HasShaInstructions() ? "sha-ni x4" : "openssl"; }

}  // namespace carnet::crypto
