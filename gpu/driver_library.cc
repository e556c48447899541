#include "gpu/driver_library.h"

#include <dlfcn.h>

#include <string>

namespace carnet::gpu {
namespace {

constexpr const char* kDriverFile = "libcuda.so.1";

template <typename Call>
bool TakeDriverCall(void* library, const char* name, Call& call) {
  // POSIX: a function's address comes as that of an object.
  call = reinterpret_cast<Call>(::dlsym(library, name));
  return call != nullptr;
}

bool TakeContextCalls(void* library, DriverCalls& calls) {
  return TakeDriverCall(library, "cuGetErrorName", calls.error_name) &&
         TakeDriverCall(library, "cuPointerGetAttribute", calls.pointer_attribute) &&
         TakeDriverCall(library, "cuCtxGetCurrent", calls.context_current) &&
         TakeDriverCall(library, "cuCtxGetDevice", calls.context_device) &&
         TakeDriverCall(library, "cuCtxPushCurrent_v2", calls.context_push) &&
         TakeDriverCall(library, "cuCtxPopCurrent_v2", calls.context_pop) &&
         TakeDriverCall(library, "cuDeviceGet", calls.device_get) &&
         TakeDriverCall(library, "cuDevicePrimaryCtxRetain", calls.primary_retain) &&
         TakeDriverCall(library, "cuDevicePrimaryCtxRelease_v2", calls.primary_release);
}

bool TakeWorkCalls(void* library, DriverCalls& calls) {
  return TakeDriverCall(library, "cuModuleLoadData", calls.module_load) &&
         TakeDriverCall(library, "cuModuleUnload", calls.module_unload) &&
         TakeDriverCall(library, "cuModuleGetFunction", calls.module_function) &&
         TakeDriverCall(library, "cuLaunchKernel", calls.launch) &&
         TakeDriverCall(library, "cuMemAlloc_v2", calls.memory_allocate) &&
         TakeDriverCall(library, "cuMemFree_v2", calls.memory_free) &&
         TakeDriverCall(library, "cuMemAllocHost_v2", calls.host_allocate) &&
         TakeDriverCall(library, "cuMemFreeHost", calls.host_free) &&
         TakeDriverCall(library, "cuMemcpyHtoDAsync_v2", calls.copy_to_device) &&
         TakeDriverCall(library, "cuMemcpyDtoHAsync_v2", calls.copy_to_host) &&
         TakeDriverCall(library, "cuStreamCreate", calls.stream_create) &&
         TakeDriverCall(library, "cuStreamDestroy_v2", calls.stream_destroy) &&
         TakeDriverCall(library, "cuStreamSynchronize", calls.stream_synchronize) &&
         TakeDriverCall(library, "cuStreamWaitEvent", calls.stream_wait) &&
         TakeDriverCall(library, "cuEventCreate", calls.event_create) &&
         TakeDriverCall(library, "cuEventRecord", calls.event_record) &&
         TakeDriverCall(library, "cuEventDestroy_v2", calls.event_destroy);
}

}  // namespace

Result<DriverCalls> LoadDriver() {
  void* const library = ::dlopen(kDriverFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Unsupported("CUDA: there is no driver on this machine");
  DriverStatus (*initialise)(unsigned) = nullptr;
  DriverCalls calls{};
  if (!TakeDriverCall(library, "cuInit", initialise) || !TakeContextCalls(library, calls) ||
      !TakeWorkCalls(library, calls)) {
    return Unsupported("CUDA: the driver is not as expected");
  }
  const auto initialised = CheckDriver(calls, initialise(0), "cuInit");
  if (!initialised) return Unsupported(initialised.error().message);
  return calls;
}

}  // namespace carnet::gpu
