#include "gpu/lanes.h"

#include <array>

#include "gpu/digest_plan.h"

namespace carnet::gpu {
namespace {

constexpr const char* kKernel = "carnet_sha256_lanes";

// FIPS 180-4 section 6.2.2: the words of the state, each with its highest byte first.
Sha256Digest DigestOf(const LaneState& state) {
  std::array<uint8_t, Sha256Digest::kSize> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(state.h[i / 4] >> (24 - 8 * (i % 4)));
  }
  return Sha256Digest(bytes);
}

Result<> LaunchAll(const DriverCalls& calls, DriverFunction* kernel, DriverStream* stream,
                   uint64_t jobs_at, uint64_t states_at, std::span<const LaneJob> jobs) {
  for (const Launch& launch : PlanLaunches(jobs)) {
    uint32_t lanes = launch.lanes;
    uint64_t first = launch.first, count = kSliceBlocks;
    std::array<void*, 5> arguments = {&jobs_at, &states_at, &lanes, &first, &count};
    CARNET_TRY_VOID(CheckDriver(calls,
                                calls.launch(kernel, launch.groups(), 1, 1, kGroupLanes, 1, 1, 0,
                                             stream, arguments.data(), nullptr),
                                "cuLaunchKernel"));
  }
  return Ok();
}

}  // namespace

Result<std::vector<Sha256Digest>> DigestByLanes(const DriverCalls& calls,
                                                std::span<const OwnedEvent> ready,
                                                std::string_view image,
                                                std::span<const LaneJob> jobs) {
  std::vector<LaneState> states(jobs.size());
  CARNET_TRY(const OwnedModule module, LoadModule(calls, image.data()));
  DriverFunction* kernel = nullptr;
  CARNET_TRY_VOID(CheckDriver(calls, calls.module_function(&kernel, module.get(), kKernel),
                              "cuModuleGetFunction"));
  CARNET_TRY(const OwnedMemory jobs_at, AllocateMemory(calls, jobs.size_bytes()));
  CARNET_TRY(const OwnedMemory states_at, AllocateMemory(calls, states.size() * sizeof(LaneState)));
  CARNET_TRY(const OwnStream stream, OwnStream::After(calls, ready));
  CARNET_TRY_VOID(CheckDriver(
      calls, calls.copy_to_device(jobs_at.get(), jobs.data(), jobs.size_bytes(), stream.get()),
      "cuMemcpyHtoDAsync"));
  CARNET_TRY_VOID(LaunchAll(calls, kernel, stream.get(), jobs_at.get(), states_at.get(), jobs));
  CARNET_TRY_VOID(CheckDriver(calls,
                              calls.copy_to_host(states.data(), states_at.get(),
                                                 states.size() * sizeof(LaneState), stream.get()),
                              "cuMemcpyDtoHAsync"));
  CARNET_TRY_VOID(stream.Wait());
  std::vector<Sha256Digest> digests;
  digests.reserve(states.size());
  for (const LaneState& state : states) digests.push_back(DigestOf(state));
  return digests;
}

}  // namespace carnet::gpu
