// A catalogue that is read gives for each of its chips a ceiling above zero, no lower than any of
// its peaks.
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "verifier/compute/chips.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto catalogue =
      carnet::verifier::compute::Catalogue::Parse(carnet::AsText({data, size}), "chips");
  if (!catalogue) return 0;
  const auto chips = catalogue->ChipIds();
  CARNET_CHECK(!chips.empty());
  for (const auto& chip : chips) {
    for (const auto precision : carnet::schemas::kPrecisions) {
      const std::array claimed = {precision};
      const auto highest = catalogue->HighestPeak(chip, claimed);
      CARNET_CHECK(!highest || *highest > carnet::Flop(0));  // absent: a row says `unknown`
      const auto peak = catalogue->Peak(chip, precision);
      CARNET_CHECK(!peak || peak == highest);
    }
  }
  return 0;
}
