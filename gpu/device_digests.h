// SHA-256 of tensors that lie on CUDA devices, without a copy of the checkpoint to the host where
// the plan (digest_plan.h) says that this is faster. The digests are the same either way. Thread
// safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "gpu/digest_plan.h"
#include "gpu/driver_calls.h"

namespace carnet::gpu {

struct DeviceTensor {
  uint64_t address;  // of its first byte; any alignment
  uint64_t bytes;    // contiguous
  // The CUstream after whose work so far the bytes are what they should be; 0, 1 and 2 as CUDA
  // names its default streams. The driver cannot tell a wrong handle from a right one: it is the
  // caller's word. Nothing may write to the tensor until the call returns.
  uint64_t stream = 0;
};

enum class DigestWay {
  kOnDevice,     // in place
  kThroughHost,  // copied piece by piece, hashed by the host
};

struct DeviceDigest {
  Sha256Digest sha256;
  DigestWay way;
};

// What the call stands on; LoadedPlatform for a program, their own for tests.
struct DevicePlatform {
  DriverCalls calls;
  std::string_view image;  // DeviceCode()
  DigestRates rates;
};
// Errors: unsupported where the program was built without CUDA or the machine has no driver.
Result<DevicePlatform> LoadedPlatform(unsigned host_threads);

// One digest for each, in the order given. Devices are served one after the other, in the context
// that the memory belongs to; where the driver does not know it, the calling thread's, if it is of
// that device, else the device's primary one. Errors: malformed (too many tensors); rejected (a
// stretch that is not wholly in the memory of a device); unsupported (a device that the embedded
// code cannot run on); io (CUDA failed). Any error is of the whole call.
Result<std::vector<DeviceDigest>> DigestDeviceTensors(std::span<const DeviceTensor> tensors,
                                                      const DevicePlatform& platform);

}  // namespace carnet::gpu
