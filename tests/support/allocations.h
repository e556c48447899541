// How many blocks of memory this process has asked for, and how many bytes it holds: measures of
// work and of memory that no other load on the machine moves. Counts in every thread.
#pragma once

#include <cstdint>

namespace carnet::test {

uint64_t AllocationsSoFar();

// Of a call.
template <typename Call>
uint64_t AllocationsIn(Call call) {
  const uint64_t before = AllocationsSoFar();
  call();
  return AllocationsSoFar() - before;
}

int64_t BytesHeld();
// The most that were held since the last call, which begins anew with those held now.
int64_t TakePeakBytes();

// The most bytes that a call held at once, beyond those held before it.
template <typename Call>
uint64_t PeakBytesIn(Call call) {
  TakePeakBytes();
  const int64_t before = BytesHeld();
  call();
  return static_cast<uint64_t>(TakePeakBytes() - before);  // at least what was held at first
}

}  // namespace carnet::test
