// Whether a stretch of memory is what a caller says it is: on one device, allocated and mapped from
// its first byte to its last. The kernel trusts addresses; an illegal one would end the context and
// all work in it.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "gpu/driver_calls.h"

namespace carnet::gpu {

// Where a stretch is. The driver knows no context of memory from pools or of mapped memory.
struct DeviceHome {
  int ordinal;
  DriverContext* context;  // null where it is not known

  friend bool operator==(const DeviceHome&, const DeviceHome&) = default;
  friend auto operator<=>(const DeviceHome&, const DeviceHome&) = default;
};

// Requires bytes > 0. Errors: rejected where the stretch is not wholly in one allocation of a
// device; io.
Result<DeviceHome> FindDeviceHome(const DriverCalls& calls, uint64_t address, uint64_t bytes);

}  // namespace carnet::gpu
