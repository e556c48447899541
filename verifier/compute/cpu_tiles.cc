#include "verifier/compute/cpu_tiles.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/ascii.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Precision;

// A tile multiplication of 16 x 16 results takes 16 cycles and 32 products each at 16 bits, 64 at 8
// (Intel 64 and IA-32 Architectures Optimization Reference Manual, chapter on AMX).
constexpr uint64_t kTileFlop16 = 2 * 1024;
constexpr uint64_t kTileFlop8 = 2 * 2048;

// "platinum 8490h", "gold 6530", "max 9480", "w9-3495x": the second digit is the generation, and 4
// and 5 have tiles. "xeon(r) 6980p": of the sixth generation those with cores for performance.
bool IsNumberWithTiles(std::string_view before, std::string_view number, char next) {
  constexpr std::array<std::string_view, 5> kFamilies = {"platinum ", "gold ", "silver ", "bronze ",
                                                         "max "};
  const bool family =
      std::any_of(kFamilies.begin(), kFamilies.end(),
                  [before](std::string_view name) { return before.ends_with(name); });
  const bool workstation = before.size() >= 3 && before.ends_with('-') &&
                           IsDigit(before[before.size() - 2]) && before[before.size() - 3] == 'w';
  if (family || workstation) return number[1] == '4' || number[1] == '5' || next == 'p';
  return number[0] == '6' && next == 'p';
}

bool HasTiles(std::string_view cpu_model) {
  constexpr size_t kNumberDigits = 4;
  const std::string name = Lowered(cpu_model);
  if (name.find("xeon") == std::string::npos) return false;
  for (const char* code : {"sapphire", "emerald", "granite"}) {
    if (name.find(code) != std::string::npos) return true;
  }
  for (size_t at = 0; at < name.size();) {
    size_t end = at;
    while (end < name.size() && IsDigit(name[end])) ++end;
    const std::string_view whole(name);
    if (end - at == kNumberDigits &&
        IsNumberWithTiles(whole.substr(0, at), whole.substr(at, kNumberDigits),
                          end < name.size() ? name[end] : ' ')) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

}  // namespace

uint64_t TileFlopOf(std::string_view cpu_model, std::span<const Precision> precisions) {
  uint64_t flop = 0;
  for (const Precision precision : precisions) {
    if (precision == Precision::kInt8) flop = std::max(flop, kTileFlop8);
    if (precision == Precision::kBf16 || precision == Precision::kFp16) {
      flop = std::max(flop, kTileFlop16);
    }
  }
  return flop > 0 && HasTiles(cpu_model) ? flop : 0;
}

}  // namespace carnet::verifier::compute
