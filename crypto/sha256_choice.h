// Private to crypto/: which kernel for how many SHA-256 streams. No table of processors knows: the
// rates are measured where the program runs. Values only. Thread safe.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "crypto/sha256_kernel.h"

namespace carnet::crypto {

// Those that this processor and its system can run.
std::span<const Sha256Kernel* const> Sha256KernelsHere();

class Sha256Choice {
 public:
  struct Rate {
    const Sha256Kernel* kernel;  // null: OpenSSL's, one stream after the other
    double bytes_per_ns;         // of all its lanes together
  };

  // Of Sha256KernelsHere. Measured once a process, in a few milliseconds at most.
  static const Sha256Choice& OfThisMachine();
  // Only this one, for two streams and more: for tests.
  static Sha256Choice Always(const Sha256Kernel& kernel);

  explicit Sha256Choice(std::span<const Rate> rates);

  // For `streams` of the same length side by side; null: OpenSSL's. It may have more lanes than
  // streams, or fewer.
  const Sha256Kernel* KernelFor(size_t streams) const { return For(streams).kernel; }
  // What it hashes of them, in bytes a nanosecond.
  double RateFor(size_t streams) const { return For(streams).bytes_per_ns; }
  // So many streams, and no fewer, are hashed fastest.
  size_t lanes() const { return lanes_; }

 private:
  const Rate& For(size_t streams) const;

  std::array<Rate, kMaxSha256Lanes> best_;  // [n - 1]: for n streams
  size_t lanes_ = 1;
};

}  // namespace carnet::crypto
