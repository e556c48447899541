// Rates that make the plan take one way or the other.
#pragma once

#include "gpu/device_digests.h"
#include "tests/gpu/fake_driver.h"

namespace carnet::gpu {

constexpr DigestRates kDeviceIsFast{1e9, 1e12, 1, 1, 3};
constexpr DigestRates kHostIsFast{1, 1, 1e12, 1e12, 3};
// One tensor of some MiB through the host, smaller ones on the device.
constexpr DigestRates kBothAreFast{2e8, 1e12, 1e9, 1e9, 3};

inline DevicePlatform PlatformOf(const FakeDriver& driver, const DigestRates& rates) {
  return {driver.calls(), "image", rates};
}

}  // namespace carnet::gpu
