// How every benchmark prints: the machine, then one aligned row per measurement, with the limit, or
// the peer that was measured in the same run, and the ratio to it.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "core/result.h"

namespace carnet::bench {

// What a measurement is compared with.
struct Peer {
  std::string name;
  double value;           // in the row's unit
  std::string_view goal;  // the ratio to reach, as text: ">= 0.95"; empty for none
};

// The ratio is ours to the peer's, for rates (more is better) as for times (less is better).
struct Row {
  std::string name;
  double value;
  std::string unit;
  std::optional<Peer> peer = std::nullopt;
};

// The value; ends the benchmark with the message of an error.
template <typename T>
T Must(Result<T> result) {
  if (!result) std::fprintf(stderr, "benchmark: %s\n", result.error().message.c_str());
  CARNET_CHECK(result.has_value());
  return std::move(result).value();
}

// Title, processor, cores, build and date.
void PrintHeader(std::string_view title);
void PrintRow(const Row& row);
// Largest resident set of the process so far.
void PrintPeakMemory();

double PeakMemoryMib();
unsigned Cores();
double SecondsOf(const std::function<void()>& work);

}  // namespace carnet::bench
