// Private to the vector kernels (sha256_kernel.h): one block of each of as many streams as a vector
// has words, word i of every vector belonging to stream i.
#pragma once

#include "crypto/sha256_kernel.h"

namespace carnet::crypto {
namespace {

// `V` has `Word`, a vector of 32-bit words, and the operations below on it.
template <class V>
[[gnu::always_inline]] inline void CompressLanes(typename V::Word (&state)[8],
                                                 typename V::Word (&w)[16]) {
  using Word = typename V::Word;
  Word s[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) s[i] = state[i];
#pragma GCC unroll 64
  for (int t = 0; t < 64; ++t) {
    if (t >= 16) {
      const Word before2 = w[(t - 2) & 15];
      const Word before15 = w[(t - 15) & 15];
      const Word sigma0 =
          V::Xor3(V::template RotateRight<7>(before15), V::template RotateRight<18>(before15),
                  V::template ShiftRight<3>(before15));
      const Word sigma1 =
          V::Xor3(V::template RotateRight<17>(before2), V::template RotateRight<19>(before2),
                  V::template ShiftRight<10>(before2));
      w[t & 15] = V::Add(V::Add(w[t & 15], sigma0), V::Add(w[(t - 7) & 15], sigma1));
    }
    // Step t calls a, …, h what is called b, …, a in the one before it: no word is moved.
    const Word a = s[(64 - t) & 7], b = s[(65 - t) & 7], c = s[(66 - t) & 7];
    const Word e = s[(68 - t) & 7], f = s[(69 - t) & 7], g = s[(70 - t) & 7];
    Word& d = s[(67 - t) & 7];
    Word& h = s[(71 - t) & 7];
    const Word sum1 = V::Xor3(V::template RotateRight<6>(e), V::template RotateRight<11>(e),
                              V::template RotateRight<25>(e));
    const Word sum0 = V::Xor3(V::template RotateRight<2>(a), V::template RotateRight<13>(a),
                              V::template RotateRight<22>(a));
    const Word keyed = V::Add(w[t & 15], V::Broadcast(kSha256Constants[t]));
    const Word t1 = V::Add(V::Add(h, keyed), V::Add(sum1, V::Choose(e, f, g)));
    d = V::Add(d, t1);
    h = V::Add(t1, V::Add(sum0, V::Majority(a, b, c)));
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) state[i] = V::Add(state[i], s[i]);
}

}  // namespace
}  // namespace carnet::crypto
