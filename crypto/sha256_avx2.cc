// Eight SHA-256 streams in the vectors of AVX2.
#include "crypto/sha256_eight.h"

namespace carnet::crypto {
namespace {

struct Avx2 {
  using Word = __m256i;

  static Word Add(Word a, Word b) { return _mm256_add_epi32(a, b); }
  static Word Xor3(Word a, Word b, Word c) { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
  template <int Bits>
  static Word ShiftRight(Word a) {
    return _mm256_srli_epi32(a, Bits);
  }
  template <int Bits>
  static Word RotateRight(Word a) {
    return _mm256_or_si256(_mm256_srli_epi32(a, Bits), _mm256_slli_epi32(a, 32 - Bits));
  }
  static Word Choose(Word e, Word f, Word g) {
    return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
  }
  static Word Majority(Word a, Word b, Word c) {
    return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)));
  }
  static Word Broadcast(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
};

}  // namespace

const Sha256Kernel kSha256Avx2 = {"avx2 x8", 8, CompressEight<Avx2>};

}  // namespace carnet::crypto
