// How many signatures this process has verified: what a hostile file can make its reader do. Counts
// in every thread. A test that uses it wraps the two functions of the libraries when it is linked
// (carnet_count_verifications in tests/CMakeLists.txt).
#pragma once

#include <cstdint>

namespace carnet::test {

struct Verifications {
  uint64_t p256;
  uint64_t ed25519;
};

Verifications VerificationsSoFar();

// Of a call.
template <typename Call>
Verifications VerificationsIn(Call call) {
  const Verifications before = VerificationsSoFar();
  call();
  const Verifications after = VerificationsSoFar();
  return {after.p256 - before.p256, after.ed25519 - before.ed25519};
}

}  // namespace carnet::test
