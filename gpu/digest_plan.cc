#include "gpu/digest_plan.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace carnet::gpu {
namespace {

double Seconds(double bytes, double rate) { return bytes / rate; }

// The longest first; the order among equals is that of addresses, so that a plan can be repeated.
bool GoesBefore(const LaneJob& a, const LaneJob& b) {
  return std::tie(b.bytes, a.address) < std::tie(a.bytes, b.address);
}

double HostSeconds(double bytes, double longest, const DigestRates& rates) {
  const double together = std::min(rates.copy, rates.host_threads * rates.host_stream);
  return std::max(Seconds(bytes, together),
                  Seconds(longest, std::min(rates.copy, rates.host_stream)));
}

double DeviceSeconds(double bytes, double longest, const DigestRates& rates) {
  return std::max(Seconds(bytes, rates.device), Seconds(longest, rates.lane));
}

// Sends as many of the longest through the host as makes the slower of both ways end first; among
// equals the fewest.
void ChooseWays(const DigestRates& rates, DigestPlan& plan) {
  const std::vector<LaneJob>& jobs = plan.jobs;
  double on_host = 0, on_device = 0;
  for (const LaneJob& job : jobs) on_device += static_cast<double>(job.bytes);
  const double longest = jobs.empty() ? 0 : static_cast<double>(jobs.front().bytes);
  plan.through_host = 0;
  plan.expected_seconds = DeviceSeconds(on_device, longest, rates);
  for (size_t count = 1; count <= jobs.size(); ++count) {
    on_host += static_cast<double>(jobs[count - 1].bytes);
    on_device -= static_cast<double>(jobs[count - 1].bytes);
    const double next = count == jobs.size() ? 0 : static_cast<double>(jobs[count].bytes);
    const double seconds =
        std::max(HostSeconds(on_host, longest, rates), DeviceSeconds(on_device, next, rates));
    if (seconds >= plan.expected_seconds) continue;
    plan.through_host = count;
    plan.expected_seconds = seconds;
  }
}

}  // namespace

DigestRates EstimatedRates(unsigned host_threads) {
  return {.lane = 32e6,
          .device = 500e9,
          .copy = 40e9,
          .host_stream = 1.8e9,
          .host_threads = std::max(1U, host_threads)};
}

DigestPlan PlanDigests(std::span<const LaneJob> tensors, const DigestRates& rates) {
  DigestPlan plan{{}, std::vector<size_t>(tensors.size()), 0, 0};
  std::vector<size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return GoesBefore(tensors[a], tensors[b]); });
  for (const size_t index : order) {
    if (plan.jobs.empty() || plan.jobs.back() != tensors[index]) {
      plan.jobs.push_back(tensors[index]);
    }
    plan.job_of[index] = plan.jobs.size() - 1;
  }
  ChooseWays(rates, plan);
  return plan;
}

std::vector<Launch> PlanLaunches(std::span<const LaneJob> jobs) {
  std::vector<Launch> launches;
  size_t lanes = jobs.size();
  for (uint64_t first = 0;; first += kSliceBlocks) {
    while (lanes > 0 && LaneBlocks(jobs[lanes - 1].bytes) <= first) --lanes;
    if (lanes == 0) return launches;
    launches.push_back({static_cast<uint32_t>(lanes), first});
  }
}

}  // namespace carnet::gpu
