// Independent pieces of work, shared among threads: reading and verifying lines, reading files.
#pragma once

#include <cstddef>
#include <functional>

namespace carnet {

// Calls `work(i)` once for each i below `count`, in no particular order, on at most `threads`
// threads, of which this is one; returns when all are done. 1 starts none, and 0 counts as 1. Where
// the system has no more threads to give, those that run do all of the work, which must not throw.
void ShareWork(size_t count, unsigned threads, const std::function<void(size_t)>& work);

}  // namespace carnet
