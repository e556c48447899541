#include "tests/support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> allocations = 0;

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

// A sanitizer's own operator new tells it which delete belongs to it: it keeps it, and reports.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*)(const volatile void*, size_t), void (*)(const volatile void*));

namespace {

[[maybe_unused]] const int kInstalled = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, size_t) { ++allocations; }, [](const volatile void*) {});

}  // namespace

#else

// NOLINTBEGIN(misc-new-delete-overloads): the forms with alignment or array end in these two
void* operator new(size_t size) {
  ++allocations;
  if (void* const block = std::malloc(size == 0 ? 1 : size)) return block;
  throw std::bad_alloc();
}

void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }
// NOLINTEND(misc-new-delete-overloads)

#endif

namespace carnet::test {

uint64_t AllocationsSoFar() { return allocations; }

}  // namespace carnet::test
