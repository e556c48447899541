// In place of the compiled kernel, where there is no compiler for it (gpu/CMakeLists.txt).
#include "gpu/device_code.h"

namespace carnet::gpu {

std::string_view DeviceCode() { return {}; }

}  // namespace carnet::gpu
