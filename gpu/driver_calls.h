// The calls of CUDA's driver that gpu/ makes, as a table: the driver is loaded when it is first
// needed (driver_library.h), so that one program runs with and without it, and tests pass their
// own. Declared here and not by <cuda.h>, so that the host's logic is compiled and tested where no
// toolkit is; sha256_device.cu compares the numbers with <cuda.h> where there is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace carnet::gpu {

struct DriverContext;
struct DriverEvent;
struct DriverFunction;
struct DriverModule;
struct DriverStream;
using DriverStatus = int;

// CUresult.
constexpr DriverStatus kDriverOk = 0;
constexpr DriverStatus kDriverInvalidValue = 1;
constexpr DriverStatus kDriverNoBinary = 209;
constexpr DriverStatus kDriverUnsupportedPtx = 222;

// CUpointer_attribute.
constexpr int kPointerContext = 1;
constexpr int kPointerMemoryType = 2;
constexpr int kPointerDeviceOrdinal = 9;
constexpr int kPointerRangeStart = 11;
constexpr int kPointerRangeSize = 12;
constexpr int kPointerMapped = 13;

constexpr unsigned kDeviceMemory = 2;        // CU_MEMORYTYPE_DEVICE
constexpr unsigned kStreamNonBlocking = 1;   // CU_STREAM_NON_BLOCKING
constexpr unsigned kEventDisableTiming = 2;  // CU_EVENT_DISABLE_TIMING

// Each as the function of that name in the CUDA driver API, in the version that is named.
struct DriverCalls {
  DriverStatus (*error_name)(DriverStatus status, const char** name);  // cuGetErrorName
  DriverStatus (*pointer_attribute)(void* value, int attribute,
                                    uint64_t address);                  // cuPointerGetAttribute
  DriverStatus (*context_current)(DriverContext** context);             // cuCtxGetCurrent
  DriverStatus (*context_device)(int* device);                          // cuCtxGetDevice
  DriverStatus (*context_push)(DriverContext* context);                 // cuCtxPushCurrent_v2
  DriverStatus (*context_pop)(DriverContext** context);                 // cuCtxPopCurrent_v2
  DriverStatus (*device_get)(int* device, int ordinal);                 // cuDeviceGet
  DriverStatus (*primary_retain)(DriverContext** context, int device);  // cuDevicePrimaryCtxRetain
  DriverStatus (*primary_release)(int device);  // cuDevicePrimaryCtxRelease_v2
  DriverStatus (*module_load)(DriverModule** module, const void* image);  // cuModuleLoadData
  DriverStatus (*module_unload)(DriverModule* module);                    // cuModuleUnload
  DriverStatus (*module_function)(DriverFunction** function, DriverModule* module,
                                  const char* name);  // cuModuleGetFunction
  DriverStatus (*launch)(DriverFunction* function, unsigned grid_x, unsigned grid_y,
                         unsigned grid_z, unsigned group_x, unsigned group_y, unsigned group_z,
                         unsigned shared_bytes, DriverStream* stream, void** arguments,
                         void** extra);                              // cuLaunchKernel
  DriverStatus (*memory_allocate)(uint64_t* address, size_t bytes);  // cuMemAlloc_v2
  DriverStatus (*memory_free)(uint64_t address);                     // cuMemFree_v2
  DriverStatus (*host_allocate)(void** address, size_t bytes);       // cuMemAllocHost_v2
  DriverStatus (*host_free)(void* address);                          // cuMemFreeHost
  DriverStatus (*copy_to_device)(uint64_t to, const void* from, size_t bytes,
                                 DriverStream* stream);  // cuMemcpyHtoDAsync_v2
  DriverStatus (*copy_to_host)(void* to, uint64_t from, size_t bytes,
                               DriverStream* stream);                    // cuMemcpyDtoHAsync_v2
  DriverStatus (*stream_create)(DriverStream** stream, unsigned flags);  // cuStreamCreate
  DriverStatus (*stream_destroy)(DriverStream* stream);                  // cuStreamDestroy_v2
  DriverStatus (*stream_synchronize)(DriverStream* stream);              // cuStreamSynchronize
  DriverStatus (*stream_wait)(DriverStream* stream, DriverEvent* event,
                              unsigned flags);                             // cuStreamWaitEvent
  DriverStatus (*event_create)(DriverEvent** event, unsigned flags);       // cuEventCreate
  DriverStatus (*event_record)(DriverEvent* event, DriverStream* stream);  // cuEventRecord
  DriverStatus (*event_destroy)(DriverEvent* event);                       // cuEventDestroy_v2
};

// Errors: io, "CUDA: <call>: <the driver's name of the error>"; unsupported where the device is of
// a kind that the embedded code was not compiled for.
Result<> CheckDriver(const DriverCalls& calls, DriverStatus status, std::string_view call);

}  // namespace carnet::gpu
