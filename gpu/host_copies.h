// Messages of a device digested by the host, each copied piece by piece: while one piece is hashed
// the next is on its way.
#pragma once

#include <span>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "gpu/driver_handles.h"
#include "gpu/sha256_lane.h"

namespace carnet::gpu {

// Of each thread, two: memory that the device can copy to, of which a host has little.
constexpr size_t kCopyBytes = size_t{4} << 20;

// Digests some of the jobs in turn, one thread's worth of buffers and streams. Requires that the
// jobs were checked (device_memory.h) and that their context is current on this thread. Thread safe
// for different objects.
class HostCopies {
 public:
  static Result<HostCopies> After(const DriverCalls& calls, std::span<const OwnedEvent> ready);

  // Errors: those of CheckDriver.
  Result<Sha256Digest> Digest(const LaneJob& job) const;

 private:
  // The stream ends before the buffer that it copies to.
  struct Side {
    OwnedHostMemory buffer;
    OwnStream stream;
  };

  HostCopies(const DriverCalls& calls, std::vector<Side> sides)
      : calls_(&calls), sides_(std::move(sides)) {}
  Result<> Begin(const LaneJob& job, uint64_t piece) const;

  const DriverCalls* calls_;
  std::vector<Side> sides_;
};

}  // namespace carnet::gpu
