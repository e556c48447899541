// The kernel: one thread a tensor, as SHA-256 is serial within a message. Compiled into a fat
// binary that the host side carries (gpu/CMakeLists.txt); sha256_lane.h has the code of a thread.
#include <cuda.h>

#include "gpu/digest_plan.h"
#include "gpu/driver_calls.h"
#include "gpu/sha256_lane.h"

namespace {

using namespace carnet::gpu;

// The host's table of calls is written by hand: this is where its numbers meet those of CUDA.
static_assert(kDriverOk == CUDA_SUCCESS && kDriverInvalidValue == CUDA_ERROR_INVALID_VALUE);
static_assert(kDriverNoBinary == CUDA_ERROR_NO_BINARY_FOR_GPU);
static_assert(kDriverUnsupportedPtx == CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
static_assert(kPointerContext == CU_POINTER_ATTRIBUTE_CONTEXT);
static_assert(kPointerMemoryType == CU_POINTER_ATTRIBUTE_MEMORY_TYPE);
static_assert(kPointerDeviceOrdinal == CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL);
static_assert(kPointerRangeStart == CU_POINTER_ATTRIBUTE_RANGE_START_ADDR);
static_assert(kPointerRangeSize == CU_POINTER_ATTRIBUTE_RANGE_SIZE);
static_assert(kPointerMapped == CU_POINTER_ATTRIBUTE_MAPPED);
static_assert(kDeviceMemory == CU_MEMORYTYPE_DEVICE);
static_assert(kStreamNonBlocking == CU_STREAM_NON_BLOCKING);
static_assert(kEventDisableTiming == CU_EVENT_DISABLE_TIMING);
static_assert(sizeof(CUdeviceptr) == sizeof(uint64_t) && sizeof(CUdevice) == sizeof(int));
static_assert(sizeof(CUresult) == sizeof(DriverStatus));

}  // namespace

// Advances the first `lanes` states over `count` blocks from `first` on; the host launches it until
// the longest message is done. A launch from block 0 starts the states.
extern "C" __global__ void __launch_bounds__(kGroupLanes)
    carnet_sha256_lanes(const LaneJob* jobs, LaneState* states, unsigned lanes,
                        unsigned long long first, unsigned long long count) {
  const unsigned lane = blockIdx.x * kGroupLanes + threadIdx.x;
  if (lane >= lanes) return;
  const LaneJob job = jobs[lane];
  LaneState state = first == 0 ? FirstLaneState() : states[lane];
  AdvanceLane(state, job, first, count);
  states[lane] = state;
}
