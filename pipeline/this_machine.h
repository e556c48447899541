// The accelerators of this machine, as the system reports them: its GPUs, or its CPU where it has
// none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "pipeline/this_cpu.h"
#include "pipeline/this_gpu.h"

namespace carnet::pipeline {

enum class Accelerators { kAny, kCpuOnly };

struct ThisMachine {
  std::string host;                // its name
  std::vector<ReportedGpu> gpus;   // of one name
  std::optional<ReportedCpu> cpu;  // exactly where there is no GPU
};

// Errors: io, malformed; rejected: GPUs of several names, of which one statement cannot be made.
Result<ThisMachine> ReadThisMachine(Accelerators accelerators);

// Errors: rejected: they have several names.
Result<> CheckAlike(const std::vector<ReportedGpu>& gpus);

// The host's name as the label of a `declared:` device id (S7): what is no letter, digit, dot or
// dash becomes a dash, and it ends after 64 characters. Never empty.
std::string LabelOf(const std::string& host);

}  // namespace carnet::pipeline
