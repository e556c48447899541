// The compiled kernel (sha256_device.cu), a fat binary for cuModuleLoadData.
#pragma once

#include <string_view>

namespace carnet::gpu {

// Empty where this program was built without CUDA's compiler.
std::string_view DeviceCode();

}  // namespace carnet::gpu
