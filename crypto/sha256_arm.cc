// Two to four SHA-256 streams interleaved in one core's SHA-2 instructions of Armv8.
#include <arm_neon.h>

#include "crypto/sha256_kernel.h"

namespace carnet::crypto {
namespace {

template <size_t Streams>
[[gnu::always_inline]] inline void CompressBlock(uint32x4_t (*states)[2],
                                                 const uint8_t* const* data, size_t at) {
  uint32x4_t before[Streams][2];
  uint32x4_t words[Streams][4];
#pragma GCC unroll 4
  for (size_t lane = 0; lane < Streams; ++lane) {
    before[lane][0] = states[lane][0];
    before[lane][1] = states[lane][1];
  }
#pragma GCC unroll 16
  for (size_t group = 0; group < 16; ++group) {
    const uint32x4_t constants = vld1q_u32(&kSha256Constants[4 * group]);
#pragma GCC unroll 4
    for (size_t lane = 0; lane < Streams; ++lane) {
      uint32x4_t* const w = words[lane];
      if (group < 4) {
        w[group] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(data[lane] + at + 16 * group)));
      } else {
        w[group & 3] = vsha256su1q_u32(vsha256su0q_u32(w[group & 3], w[(group + 1) & 3]),
                                       w[(group + 2) & 3], w[(group + 3) & 3]);
      }
      const uint32x4_t sum = vaddq_u32(w[group & 3], constants);
      const uint32x4_t abcd = states[lane][0];
      states[lane][0] = vsha256hq_u32(abcd, states[lane][1], sum);
      states[lane][1] = vsha256h2q_u32(states[lane][1], abcd, sum);
    }
  }
#pragma GCC unroll 4
  for (size_t lane = 0; lane < Streams; ++lane) {
    states[lane][0] = vaddq_u32(states[lane][0], before[lane][0]);
    states[lane][1] = vaddq_u32(states[lane][1], before[lane][1]);
  }
}

template <size_t Streams>
void Compress(uint32_t* const* states, const uint8_t* const* data, size_t blocks) {
  uint32x4_t held[Streams][2];
#pragma GCC unroll 4
  for (size_t i = 0; i < Streams; ++i) {
    held[i][0] = vld1q_u32(states[i]);
    held[i][1] = vld1q_u32(states[i] + 4);
  }
  for (size_t at = 0; at < blocks * kSha256BlockBytes; at += kSha256BlockBytes) {
    CompressBlock<Streams>(held, data, at);
  }
#pragma GCC unroll 4
  for (size_t i = 0; i < Streams; ++i) {
    vst1q_u32(states[i], held[i][0]);
    vst1q_u32(states[i] + 4, held[i][1]);
  }
}

}  // namespace

const Sha256Kernel kSha256Arm2 = {"arm-sha2 x2", 2, Compress<2>};
const Sha256Kernel kSha256Arm3 = {"arm-sha2 x3", 3, Compress<3>};
const Sha256Kernel kSha256Arm4 = {"arm-sha2 x4", 4, Compress<4>};

}  // namespace carnet::crypto
