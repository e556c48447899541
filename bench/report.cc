#include "bench/report.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

namespace carnet::bench {
namespace {

std::string ProcessorName() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown processor";
}

// Four significant digits, without exponent.
std::string Number(double value) {
  char text[64];
  const int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

void PrintHeader(std::string_view title) {
  std::printf("%s\n  machine: %s, %u cores; compiler: %s\n", std::string(title).c_str(),
              ProcessorName().c_str(), Cores(), __VERSION__);
}

void PrintRow(const Row& row) {
  std::printf("  %-44s %10s %-8s", row.name.c_str(), Number(row.value).c_str(), row.unit.c_str());
  if (row.peer) {
    std::printf(" | %-34s %10s %-8s | ratio %5.2f", row.peer->name.c_str(),
                Number(row.peer->value).c_str(), row.unit.c_str(), row.value / row.peer->value);
    if (!row.peer->goal.empty()) std::printf(" (%s)", std::string(row.peer->goal).c_str());
  }
  std::printf("\n");
  std::fflush(stdout);
}

void PrintPeakMemory() { PrintRow({"peak memory", PeakMemoryMib(), "MiB"}); }

double PeakMemoryMib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // KiB on Linux
}

unsigned Cores() { return std::max(1u, std::thread::hardware_concurrency()); }

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace carnet::bench
