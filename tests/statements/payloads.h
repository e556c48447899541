// Statements as the bytes that are signed, and bundles of them: valid except for the signature.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "sigstore/bundle.h"

namespace carnet::statements::test {

inline constexpr char kZeroDigest[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

// `ek`: 64 hex digits that tell one device from another.
std::string DevicePayload(const std::string& ek);
// One that lists that many devices; `device_ms` tells one from another.
std::string AllocationPayload(size_t devices, uint64_t device_ms);

sigstore::Bundle BundleOf(const std::string& payload, Bytes signature = {1, 2, 3});

}  // namespace carnet::statements::test
