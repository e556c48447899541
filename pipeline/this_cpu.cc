#include "pipeline/this_cpu.h"

#include "core/decimal.h"
#include "core/file.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::pipeline {
namespace {

constexpr uint64_t kMaxInfoBytes = 4 << 20;  // about 1.5 kB per core, thousands of cores
constexpr uint64_t kFmaUnits = 2;

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// Value of the first line `name : value`.
std::string_view Field(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || Trimmed(line.substr(0, colon)) != name) continue;
    return Trimmed(line.substr(colon + 1));
  }
  return "";
}

uint64_t CountCores(std::string_view text) {
  uint64_t cores = 0;
  for (size_t at = 0; (at = text.find("processor\t", at)) != std::string_view::npos; ++at) {
    if (at == 0 || text[at - 1] == '\n') ++cores;
  }
  return cores;
}

bool HasFlag(std::string_view flags, std::string_view flag) {
  const std::string padded = " " + std::string(flags) + " ";
  return padded.find(" " + std::string(flag) + " ") != std::string::npos;
}

// 32-bit lanes in 512, 256 and 128 bits.
uint64_t F32Lanes(std::string_view flags) {
  if (HasFlag(flags, "avx512f")) return 16;
  if (HasFlag(flags, "avx")) return 8;
  return 4;
}

bool IsShownText(std::string_view text) {
  return IsValidUtf8(text) && !FindForbiddenCharacter(text);
}

// "2596.098" MHz as Hz.
std::optional<uint64_t> MegahertzText(std::string_view text) {
  const size_t dot = text.find('.');
  const auto whole = ParseDecimalU64(text.substr(0, dot));
  if (!whole || *whole > 1'000'000) return std::nullopt;
  std::string thousandths =
      dot == std::string_view::npos ? "" : std::string(text.substr(dot + 1, 3));
  thousandths.resize(3, '0');
  uint64_t fraction = 0;
  for (const char c : thousandths) {
    if (c < '0' || c > '9') return std::nullopt;
    fraction = fraction * 10 + static_cast<uint64_t>(c - '0');
  }
  return *whole * 1'000'000 + fraction * 1'000;
}

}  // namespace

Result<ReportedCpu> ParseCpuInfo(std::string_view cpuinfo, std::string_view max_freq_khz) {
  ReportedCpu cpu{std::string(Field(cpuinfo, "model name")),
                  std::string(Field(cpuinfo, "vendor_id")),
                  CountCores(cpuinfo),
                  F32Lanes(Field(cpuinfo, "flags")),
                  kFmaUnits,
                  0,
                  std::nullopt};
  const auto khz = ParseDecimalU64(Trimmed(max_freq_khz));
  if (khz && *khz != 0 && *khz < 1'000'000'000) cpu.maximum_hz = *khz * 1'000;
  const auto nominal = MegahertzText(Field(cpuinfo, "cpu MHz"));
  if (!nominal && !cpu.maximum_hz) return Malformed("the system does not report the CPU's clock");
  cpu.nominal_hz = nominal ? *nominal : *cpu.maximum_hz;
  if (cpu.model.empty()) cpu.model = Field(cpuinfo, "CPU implementer");
  if (cpu.model.empty() || cpu.cores == 0 || !IsShownText(cpu.model)) {
    return Malformed("the system does not report the CPU's model and cores");
  }
  if (!IsShownText(cpu.vendor))
    return Malformed("the system does not report the CPU's vendor as text");
  return cpu;
}

Result<ReportedCpu> ReadThisCpu() {
  CARNET_TRY(const std::string info, ReadFile("/proc/cpuinfo", kMaxInfoBytes));
  const auto max = ReadFile("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", kMaxInfoBytes);
  return ParseCpuInfo(info, max ? *max : "");
}

std::string CpuJson(const ReportedCpu& cpu) {
  json::Writer writer;
  writer.BeginObject()
      .Member("model", cpu.model)
      .Member("cores", cpu.cores)
      .Member("f32_lanes", cpu.f32_lanes)
      .Member("fma_units", cpu.fma_units)
      .Member("nominal_hz", cpu.nominal_hz);
  if (cpu.maximum_hz) writer.Member("maximum_hz", *cpu.maximum_hz);
  return writer.Member("used_hz", cpu.used_hz()).EndObject().Take();
}

}  // namespace carnet::pipeline
