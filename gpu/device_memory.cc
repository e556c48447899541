#include "gpu/device_memory.h"

#include <fmt/core.h>

#include <algorithm>

namespace carnet::gpu {
namespace {

// Physical memory is mapped in pieces of this size or more (cuMemGetAllocationGranularity), so one
// look at each sees any hole in a range that is only reserved.
constexpr uint64_t kProbeBytes = uint64_t{2} << 20;

template <typename Value>
Result<Value> Attribute(const DriverCalls& calls, int attribute, uint64_t address) {
  Value value{};
  const DriverStatus status = calls.pointer_attribute(&value, attribute, address);
  if (status == kDriverInvalidValue) {
    return Rejected(fmt::format("address {:#x} is in no memory of a device", address));
  }
  CARNET_TRY_VOID(CheckDriver(calls, status, "cuPointerGetAttribute"));
  return value;
}

Result<> CheckRange(const DriverCalls& calls, uint64_t address, uint64_t bytes) {
  CARNET_TRY(const uint64_t start, Attribute<uint64_t>(calls, kPointerRangeStart, address));
  CARNET_TRY(const uint64_t size, Attribute<uint64_t>(calls, kPointerRangeSize, address));
  if (address < start || address - start > size || bytes > size - (address - start)) {
    return Rejected(fmt::format("{} bytes at {:#x} are not in one allocation", bytes, address));
  }
  return Ok();
}

Result<> CheckMapped(const DriverCalls& calls, uint64_t address, uint64_t bytes) {
  const uint64_t last = address + (bytes - 1);
  for (uint64_t at = address;; at += std::min(kProbeBytes, last - at)) {
    CARNET_TRY(const unsigned mapped, Attribute<unsigned>(calls, kPointerMapped, at));
    if (mapped == 0) return Rejected(fmt::format("address {:#x} is not mapped", at));
    if (at == last) return Ok();
  }
}

DriverContext* KnownContext(const DriverCalls& calls, uint64_t address) {
  DriverContext* context = nullptr;
  return calls.pointer_attribute(&context, kPointerContext, address) == kDriverOk ? context
                                                                                  : nullptr;
}

}  // namespace

Result<DeviceHome> FindDeviceHome(const DriverCalls& calls, uint64_t address, uint64_t bytes) {
  CARNET_TRY(const unsigned type, Attribute<unsigned>(calls, kPointerMemoryType, address));
  if (type != kDeviceMemory) {
    return Rejected(fmt::format("address {:#x} is in no memory of a device", address));
  }
  CARNET_TRY_VOID(CheckRange(calls, address, bytes));
  CARNET_TRY_VOID(CheckMapped(calls, address, bytes));
  CARNET_TRY(const int ordinal, Attribute<int>(calls, kPointerDeviceOrdinal, address));
  return DeviceHome{ordinal, KnownContext(calls, address)};
}

}  // namespace carnet::gpu
