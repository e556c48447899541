#include "pipeline/this_machine.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/ascii.h"
#include "core/file.h"
#include "core/utf8.h"

namespace carnet::pipeline {
namespace {

constexpr size_t kMaxLabelBytes = 64;  // S7

Result<std::string> ReadHostName() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return SystemError("host name", "read");
  return std::string(name.data());
}

}  // namespace

Result<> CheckAlike(const std::vector<ReportedGpu>& gpus) {
  const auto other = std::find_if(gpus.begin(), gpus.end(), [&](const ReportedGpu& gpu) {
    return gpu.name != gpus.front().name;
  });
  if (other == gpus.end()) return Ok();
  return Rejected(fmt::format(
      "this machine has GPUs of several kinds, {} and {}: a device statement is about one; write a "
      "draft for each",
      Quoted(gpus.front().name), Quoted(other->name)));
}

std::string LabelOf(const std::string& host) {
  std::string label = Lowered(std::string_view(host).substr(0, kMaxLabelBytes));
  for (char& c : label) {
    if (!IsLetterOrDigit(c) && c != '.') c = '-';
  }
  return label.empty() ? "host" : label;
}

Result<ThisMachine> ReadThisMachine(Accelerators accelerators) {
  CARNET_TRY(std::string host, ReadHostName());
  ThisMachine machine{std::move(host), {}, std::nullopt};
  if (accelerators == Accelerators::kAny) {
    auto gpus = ReadTheseGpus();
    if (!gpus) return gpus.error().In("--cpu describes the CPU instead");
    machine.gpus = std::move(gpus).value();
    CARNET_TRY_VOID(CheckAlike(machine.gpus));
  }
  if (machine.gpus.empty()) {
    CARNET_TRY(machine.cpu, ReadThisCpu());
  }
  return machine;
}

}  // namespace carnet::pipeline
