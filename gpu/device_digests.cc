#include "gpu/device_digests.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <map>
#include <optional>
#include <set>

#include "core/share_work.h"
#include "crypto/sha256.h"
#include "gpu/device_code.h"
#include "gpu/device_memory.h"
#include "gpu/driver_library.h"
#include "gpu/host_copies.h"
#include "gpu/lanes.h"

namespace carnet::gpu {
namespace {

// Each costs 48 bytes of the device's memory; no model comes near it.
constexpr size_t kMaxDeviceTensors = size_t{1} << 22;

using Digests = std::vector<std::optional<DeviceDigest>>;  // as the tensors

struct ChosenContext {
  DriverContext* context;
  std::optional<Owned<int>> retained;
};

Result<ChosenContext> ChooseContext(const DriverCalls& calls, const DeviceHome& home) {
  if (home.context != nullptr) return ChosenContext{home.context, {}};
  int device = 0;
  CARNET_TRY_VOID(CheckDriver(calls, calls.device_get(&device, home.ordinal), "cuDeviceGet"));
  DriverContext* context = nullptr;
  CARNET_TRY_VOID(CheckDriver(calls, calls.context_current(&context), "cuCtxGetCurrent"));
  int of_current = 0;
  if (context != nullptr) {
    CARNET_TRY_VOID(CheckDriver(calls, calls.context_device(&of_current), "cuCtxGetDevice"));
    if (of_current == device) return ChosenContext{context, {}};
  }
  CARNET_TRY_VOID(
      CheckDriver(calls, calls.primary_retain(&context, device), "cuDevicePrimaryCtxRetain"));
  return ChosenContext{context, Owned<int>(device, calls.primary_release)};
}

Result<std::vector<OwnedEvent>> RecordReady(const DriverCalls& calls,
                                            const std::set<uint64_t>& streams) {
  std::vector<OwnedEvent> events;
  for (const uint64_t stream : streams) {
    CARNET_TRY(OwnedEvent event, RecordEvent(calls, std::bit_cast<DriverStream*>(stream)));
    events.push_back(std::move(event));
  }
  return events;
}

// The jobs of one device, by both ways at once.
class DeviceWork {
 public:
  DeviceWork(const DevicePlatform& platform, DriverContext* context,
             std::span<const OwnedEvent> ready, const DigestPlan& plan)
      : platform_(platform),
        context_(context),
        ready_(ready),
        plan_(plan),
        digests_(plan.jobs.size()) {}

  Result<std::vector<std::optional<DeviceDigest>>> Run() {
    const bool uses_lanes = plan_.through_host < plan_.jobs.size();
    const size_t copiers = std::min<size_t>(plan_.through_host, platform_.rates.host_threads);
    const size_t first_copier = uses_lanes ? 1 : 0;
    const size_t workers = first_copier + copiers;
    std::vector<Result<>> outcomes(workers, Ok());
    ShareWork(workers, static_cast<unsigned>(workers), [&](size_t worker) {
      outcomes[worker] = worker < first_copier ? RunLanes() : RunCopies();
      if (!outcomes[worker]) stopped_ = true;
    });
    for (Result<>& outcome : outcomes) CARNET_TRY_VOID(std::move(outcome));
    return std::move(digests_);
  }

 private:
  Result<> RunLanes() {
    CARNET_TRY(const PushedContext pushed, PushedContext::Push(platform_.calls, context_));
    const auto jobs = std::span(plan_.jobs).subspan(plan_.through_host);
    CARNET_TRY(const std::vector<Sha256Digest> digests,
               DigestByLanes(platform_.calls, ready_, platform_.image, jobs));
    for (size_t i = 0; i < digests.size(); ++i) {
      digests_[plan_.through_host + i] = DeviceDigest{digests[i], DigestWay::kOnDevice};
    }
    return Ok();
  }

  Result<> RunCopies() {
    CARNET_TRY(const PushedContext pushed, PushedContext::Push(platform_.calls, context_));
    CARNET_TRY(const HostCopies copies, HostCopies::After(platform_.calls, ready_));
    for (size_t job = next_copy_++; job < plan_.through_host && !stopped_; job = next_copy_++) {
      CARNET_TRY(const Sha256Digest digest, copies.Digest(plan_.jobs[job]));
      digests_[job] = DeviceDigest{digest, DigestWay::kThroughHost};
    }
    return Ok();
  }

  const DevicePlatform& platform_;
  DriverContext* context_;
  std::span<const OwnedEvent> ready_;
  const DigestPlan& plan_;
  std::atomic<size_t> next_copy_ = 0;
  std::atomic<bool> stopped_ = false;
  Digests digests_;  // each written by one worker
};

Result<> DigestOfOneDevice(const DevicePlatform& platform, const DeviceHome& home,
                           std::span<const DeviceTensor> tensors,
                           const std::vector<size_t>& indices, Digests& digests) {
  std::vector<LaneJob> given;
  std::set<uint64_t> streams;
  for (const size_t index : indices) {
    given.push_back({tensors[index].address, tensors[index].bytes});
    streams.insert(tensors[index].stream);
  }
  const DigestPlan plan = PlanDigests(given, platform.rates);
  CARNET_TRY(const ChosenContext chosen, ChooseContext(platform.calls, home));
  CARNET_TRY(const PushedContext pushed, PushedContext::Push(platform.calls, chosen.context));
  CARNET_TRY(const std::vector<OwnedEvent> ready, RecordReady(platform.calls, streams));
  DeviceWork work(platform, chosen.context, ready, plan);
  CARNET_TRY(const Digests of_jobs, work.Run());
  for (size_t i = 0; i < indices.size(); ++i) digests[indices[i]] = of_jobs[plan.job_of[i]];
  return Ok();
}

}  // namespace

Result<DevicePlatform> LoadedPlatform(unsigned host_threads) {
  if (DeviceCode().empty()) return Unsupported("CUDA: this program was built without it");
  CARNET_TRY(const DriverCalls calls, LoadDriver());
  return DevicePlatform{calls, DeviceCode(), EstimatedRates(host_threads)};
}

Result<std::vector<DeviceDigest>> DigestDeviceTensors(std::span<const DeviceTensor> tensors,
                                                      const DevicePlatform& platform) {
  if (tensors.size() > kMaxDeviceTensors) return Malformed("too many tensors on a device");
  Digests digests(tensors.size());
  std::map<DeviceHome, std::vector<size_t>> by_home;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].bytes == 0) {  // has no address to ask about
      digests[i] = DeviceDigest{crypto::Sha256Of(ByteSpan{}), DigestWay::kThroughHost};
      continue;
    }
    const auto home = FindDeviceHome(platform.calls, tensors[i].address, tensors[i].bytes);
    if (!home) return home.error().In(fmt::format("tensor {}", i));
    by_home[*home].push_back(i);
  }
  for (const auto& [home, indices] : by_home) {
    CARNET_TRY_VOID(DigestOfOneDevice(platform, home, tensors, indices, digests));
  }
  std::vector<DeviceDigest> all;
  all.reserve(digests.size());
  for (const auto& digest : digests) all.push_back(digest.value());
  return all;
}

}  // namespace carnet::gpu
