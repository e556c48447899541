// CUDA's driver of this machine, loaded when it is asked for.
#pragma once

#include "core/result.h"
#include "gpu/driver_calls.h"

namespace carnet::gpu {

// Loads libcuda.so.1 and initialises it; it stays loaded. Thread safe. Errors: unsupported where
// there is no driver, none of its devices can be used, or it lacks a call.
Result<DriverCalls> LoadDriver();

}  // namespace carnet::gpu
