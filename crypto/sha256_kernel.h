// Private to crypto/: the ways to compress blocks of several SHA-256 streams at once on one core.
// A single stream waits for its own rounds (FIPS 180-4 section 6.2.2); others can run meanwhile.
//
// The files of the kernels are compiled for instructions that not every processor has. They include
// this header and those of the compiler only: an inline function of the standard library compiled
// there could be the copy that the linker keeps for the whole program.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace carnet::crypto {

inline constexpr size_t kSha256BlockBytes = 64;
inline constexpr size_t kMaxSha256Lanes = 16;

struct Sha256Kernel {
  const char* name;
  size_t lanes;  // 2 to kMaxSha256Lanes
  // `blocks` blocks from data[i], of any alignment, into states[i], for every i < lanes. A state is
  // the eight words of FIPS 180-4 section 5.3.3; no two may be the same.
  void (*compress)(uint32_t* const* states, const uint8_t* const* data, size_t blocks);
};

// FIPS 180-4 section 4.2.2.
alignas(64) inline constexpr uint32_t kSha256Constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#if defined(__x86_64__)
extern const Sha256Kernel kSha256ShaNi2, kSha256ShaNi3, kSha256ShaNi4;  // sha256_sha_ni.cc
extern const Sha256Kernel kSha256Avx2;                                  // sha256_avx2.cc
extern const Sha256Kernel kSha256Avx512x8, kSha256Avx512x16;            // sha256_avx512.cc
#elif defined(__aarch64__)
extern const Sha256Kernel kSha256Arm2, kSha256Arm3, kSha256Arm4;  // sha256_arm.cc
#endif

}  // namespace carnet::crypto
