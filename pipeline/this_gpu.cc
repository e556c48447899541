#include "pipeline/this_gpu.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/run_program.h"
#include "core/utf8.h"
#include "schemas/device_id.h"

namespace carnet::pipeline {
namespace {

constexpr char kProgram[] = "nvidia-smi";
constexpr size_t kMaxGpus = 1'024;  // a machine has some ten
constexpr size_t kMaxNameBytes = 128;
constexpr int kNoDevices = 6;  // nvidia-smi(1): "A query to find an object was unsuccessful"

std::string_view WithoutBlanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// "<name>, GPU-<uuid>". A name may have commas of its own; a UUID has none.
Result<ReportedGpu> ParseGpu(std::string_view line) {
  const auto refuse = [&](std::string_view why) {
    return Malformed(std::string(kProgram) + ": " + std::string(why) + ": " + Quoted(line));
  };
  const size_t comma = line.rfind(',');
  if (comma == line.npos) return refuse("expected a name and a UUID");
  const std::string_view name = WithoutBlanks(line.substr(0, comma));
  const std::string_view uuid = WithoutBlanks(line.substr(comma + 1));
  if (name.empty() || name.size() > kMaxNameBytes || !IsValidUtf8(name) ||
      FindForbiddenCharacter(name)) {
    return refuse("not a name");
  }
  if (!uuid.starts_with("GPU-")) return refuse("not a UUID");
  const std::string id = "nvidia:gpu:" + Lowered(uuid.substr(4));
  if (!schemas::CheckDeviceId(id)) return refuse("not a UUID");
  return ReportedGpu{std::string(name), id};
}

}  // namespace

Result<std::vector<ReportedGpu>> ParseGpuList(std::string_view csv) {
  std::vector<ReportedGpu> gpus;
  while (!csv.empty()) {
    const size_t end = std::min(csv.find('\n'), csv.size());
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (WithoutBlanks(line).empty()) continue;
    CARNET_TRY(ReportedGpu gpu, ParseGpu(line));
    const bool known = std::any_of(gpus.begin(), gpus.end(),
                                   [&](const ReportedGpu& other) { return other.id == gpu.id; });
    if (known) return Malformed(std::string(kProgram) + ": " + gpu.id + " twice");
    if (gpus.size() == kMaxGpus) return Malformed(std::string(kProgram) + ": too many GPUs");
    gpus.push_back(std::move(gpu));
  }
  if (gpus.empty()) return Malformed(std::string(kProgram) + ": names no GPU");
  return gpus;
}

Result<std::vector<ReportedGpu>> ReadTheseGpus() {
  CARNET_TRY(const auto output,
             RunProgram({kProgram, "--query-gpu=name,uuid", "--format=csv,noheader"}));
  if (!output || output->status == kNoDevices) return std::vector<ReportedGpu>();
  if (output->status != 0) {
    return Io(std::string(kProgram) + ": ended with " + std::to_string(output->status));
  }
  return ParseGpuList(output->text);
}

}  // namespace carnet::pipeline
