#include "gpu/driver_calls.h"

#include <string>

namespace carnet::gpu {

Result<> CheckDriver(const DriverCalls& calls, DriverStatus status, std::string_view call) {
  if (status == kDriverOk) return Ok();
  const char* name = nullptr;
  if (calls.error_name(status, &name) != kDriverOk) name = nullptr;
  std::string message = "CUDA: " + std::string(call) + ": " +
                        (name != nullptr ? std::string(name) : "error " + std::to_string(status));
  if (status == kDriverNoBinary || status == kDriverUnsupportedPtx) {
    return Unsupported(std::move(message));
  }
  return Io(std::move(message));
}

}  // namespace carnet::gpu
