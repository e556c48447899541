// What this machine reports about its CPU: the fields of a device statement's `cpu`.
// Linux, x86-64 and arm64. Reported, not measured: `maximum_hz` is absent if the kernel does not
// know it (virtual machines).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::pipeline {

struct ReportedCpu {
  std::string model;
  std::string vendor;
  uint64_t cores;      // hardware threads that the system shows
  uint64_t f32_lanes;  // of its widest vector unit
  uint64_t fma_units;  // per core: 2, the most that R33 allows; no interface reports it
  uint64_t nominal_hz;
  std::optional<uint64_t> maximum_hz;

  uint64_t used_hz() const { return maximum_hz ? *maximum_hz : nominal_hz; }
};

// From the texts of /proc/cpuinfo and cpufreq's cpuinfo_max_freq (kHz; empty where absent).
// Errors: malformed (no model or no clock in the text).
Result<ReportedCpu> ParseCpuInfo(std::string_view cpuinfo, std::string_view max_freq_khz);

// Errors: io, malformed.
Result<ReportedCpu> ReadThisCpu();

// The `cpu` object of a device predicate, JSON.
std::string CpuJson(const ReportedCpu& cpu);

}  // namespace carnet::pipeline
