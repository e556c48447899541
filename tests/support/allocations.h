// How many blocks of memory this process has asked for: a measure of work that no other load on the
// machine moves. Counts in every thread.
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

}  // namespace carnet::test
