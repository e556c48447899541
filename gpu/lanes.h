// Messages digested in place by the lanes of a device.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "gpu/driver_handles.h"
#include "gpu/sha256_lane.h"

namespace carnet::gpu {

// Requires the jobs longest first, each checked (device_memory.h), in the context that is current
// on this thread; `image` is of sha256_device.cu. Waits until the device is done. Errors: those of
// CheckDriver.
Result<std::vector<Sha256Digest>> DigestByLanes(const DriverCalls& calls,
                                                std::span<const OwnedEvent> ready,
                                                std::string_view image,
                                                std::span<const LaneJob> jobs);

}  // namespace carnet::gpu
