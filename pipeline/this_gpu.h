// What this machine reports about its NVIDIA GPUs, through nvidia-smi. Reported, not measured, and
// whoever controls PATH decides what is reported.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace carnet::pipeline {

struct ReportedGpu {
  std::string name;  // "NVIDIA H100 80GB HBM3"
  std::string id;    // canonical (S7): "nvidia:gpu:<uuid>"
};

// From the output of `nvidia-smi --query-gpu=name,uuid --format=csv,noheader`. Errors: malformed: a
// line that is not a name and a UUID, a UUID twice, no line, more than 1,024.
Result<std::vector<ReportedGpu>> ParseGpuList(std::string_view csv);

// None where there is no nvidia-smi, or where it says that there are no devices. Errors: io (it
// fails or does not end), malformed.
Result<std::vector<ReportedGpu>> ReadTheseGpus();

}  // namespace carnet::pipeline
