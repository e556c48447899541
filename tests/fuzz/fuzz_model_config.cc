// A configuration is refused, or what it says is within its bounds.
#include <cstddef>
#include <cstdint>
#include <string>

#include "artifact/model_config.h"
#include "artifact/quantization_config.h"
#include "core/bytes.h"
#include "core/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = carnet::AsText({data, size});
  if (const auto config = carnet::artifact::ParseModelConfig(text)) {
    CARNET_CHECK(config->numbers.size() <= 4'096);
    for (const auto& [name, number] : config->numbers) {
      CARNET_CHECK(text.find(std::to_string(number)) != text.npos);
    }
  }
  const auto widths = carnet::artifact::ParseQuantizationConfig(text);
  if (widths && *widths) {
    CARNET_CHECK((*widths)->fewest_bits >= 1 && (*widths)->fewest_bits <= (*widths)->most_bits);
    CARNET_CHECK((*widths)->most_bits <= 64);
  }
  return 0;
}
