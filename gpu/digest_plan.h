// How the tensors of one device are digested: which by its lanes, which through the host, and in
// what slices. Pure values. Thread safe.
//
// SHA-256 is serial within a message, so the only parallelism is the number of tensors. With n
// tensors of s bytes, the device is expected to take
//
//     max(s / lane, n · s / device) seconds,
//
// which is 32 MB/s × n up to some 15,000 tensors, then 500 GB/s: thousands of experts are where it
// shines. The 291 tensors of a dense model of 7 billion parameters would leave nearly all of it
// idle and wait 8 s for the embedding; 16 threads of the host need less than a second. So the
// longest tensors go through the host, as many as makes both end together.
// NOT MEASURED ON A GPU: the rates are estimated from the instructions of the compiled kernel
// (docs/design/0011-gpu-digests.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gpu/sha256_lane.h"

namespace carnet::gpu {

// Bytes a second.
struct DigestRates {
  double lane;         // of one message on the device
  double device;       // of all messages on the device
  double copy;         // from the device to the host
  double host_stream;  // of one message on a thread of the host
  unsigned host_threads;
};

// Of an H200 with a PCIe 5 host that has SHA instructions.
DigestRates EstimatedRates(unsigned host_threads);

struct DigestPlan {
  std::vector<LaneJob> jobs;   // each stretch of memory once, longest first
  std::vector<size_t> job_of;  // of each tensor; tied weights have one
  size_t through_host;         // the first so many jobs
  double expected_seconds;
};
DigestPlan PlanDigests(std::span<const LaneJob> tensors, const DigestRates& rates);

// A kernel that runs for seconds starves the other work of the device, and where a display hangs on
// it the driver ends it. 1 MiB of each message takes some 30 ms while lanes are few and 300 ms when
// all are taken.
constexpr uint64_t kSliceBlocks = uint64_t{1} << 14;

// Threads of a group. One warp, so that few tensors still reach all multiprocessors. Do not change
// alone: sha256_device.cu has the same.
constexpr uint32_t kGroupLanes = 32;

// The first `lanes` jobs advance over kSliceBlocks blocks from `first` on.
struct Launch {
  uint32_t lanes;
  uint64_t first;

  uint32_t groups() const { return (lanes + kGroupLanes - 1) / kGroupLanes; }
  friend bool operator==(const Launch&, const Launch&) = default;
};
// Requires the jobs longest first, and fewer than 2^32.
std::vector<Launch> PlanLaunches(std::span<const LaneJob> jobs);

}  // namespace carnet::gpu
