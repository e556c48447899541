#include "tests/support/allocations.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> allocations = 0;
std::atomic<int64_t> held = 0;  // below zero after a block from before the count is freed
std::atomic<int64_t> peak = 0;

void CountNew(size_t bytes) {
  ++allocations;
  const int64_t now = held += static_cast<int64_t>(bytes);
  int64_t before = peak;
  while (now > before && !peak.compare_exchange_weak(before, now)) {
  }
}

void CountDelete(size_t bytes) { held -= static_cast<int64_t>(bytes); }

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

// A sanitizer's own operator new tells it which delete belongs to it: it keeps it, and reports.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*)(const volatile void*, size_t), void (*)(const volatile void*));
extern "C" size_t __sanitizer_get_allocated_size(  // NOLINT(bugprone-reserved-identifier)
    const volatile void*);

namespace {

[[maybe_unused]] const int kInstalled = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, size_t bytes) { CountNew(bytes); },
    [](const volatile void* block) { CountDelete(__sanitizer_get_allocated_size(block)); });

}  // namespace

#else

// NOLINTBEGIN(misc-new-delete-overloads): the forms with alignment or array end in these two
void* operator new(size_t size) {
  void* const block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  CountNew(::malloc_usable_size(block));
  return block;
}

void operator delete(void* block) noexcept {
  if (block != nullptr) CountDelete(::malloc_usable_size(block));
  std::free(block);
}
void operator delete(void* block, size_t) noexcept { operator delete(block); }
// NOLINTEND(misc-new-delete-overloads)

#endif

namespace carnet::test {

uint64_t AllocationsSoFar() { return allocations; }
int64_t BytesHeld() { return held; }
int64_t TakePeakBytes() { return peak.exchange(held); }

}  // namespace carnet::test
