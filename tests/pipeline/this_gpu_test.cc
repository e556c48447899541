#include "pipeline/this_gpu.h"

#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

const std::string kOne = "GPU-8a2f1c34-0b1c-4f6e-9d3a-112233445566";
const std::string kTwo = "GPU-9B3F1C34-0B1C-4F6E-9D3A-112233445566";

BOOST_AUTO_TEST_SUITE(this_gpu)

BOOST_AUTO_TEST_CASE(reads_names_and_canonical_ids) {
  REQUIRE_VALUE(const auto gpus, ParseGpuList("NVIDIA H100 80GB HBM3, " + kOne +
                                              "\nName, with comma, " + kTwo + "\r\n\n"));
  BOOST_REQUIRE_EQUAL(gpus.size(), 2U);
  BOOST_CHECK_EQUAL(gpus[0].name, "NVIDIA H100 80GB HBM3");
  BOOST_CHECK_EQUAL(gpus[0].id, "nvidia:gpu:8a2f1c34-0b1c-4f6e-9d3a-112233445566");
  BOOST_CHECK_EQUAL(gpus[1].name, "Name, with comma");
  BOOST_CHECK_EQUAL(gpus[1].id, "nvidia:gpu:9b3f1c34-0b1c-4f6e-9d3a-112233445566");
}

struct Hostile {
  const char* name;
  std::string output;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Hostile& hostile) { return out << hostile.name; }

std::string Many() {
  std::string lines;
  for (int i = 0; i < 1025; ++i) {
    lines += "X, GPU-8a2f1c34-0b1c-4f6e-9d3a-" + std::to_string(100000000000 + i) + "\n";
  }
  return lines;
}

const Hostile kHostile[] = {
    {"nothing", "", "names no GPU"},
    {"no_comma", "NVIDIA H100\n", "expected a name and a UUID"},
    {"no_name", ", " + kOne, "not a name"},
    {"escape_sequence", "\x1b[31mX, " + kOne, "not a name"},
    {"not_utf8", "X\xff, " + kOne, "not a name"},
    {"long_name", std::string(129, 'X') + ", " + kOne, "not a name"},
    {"mig", "X, MIG-8a2f1c34-0b1c-4f6e-9d3a-112233445566", "not a UUID"},
    {"short_uuid", "X, GPU-8a2f1c34", "not a UUID"},
    {"other_uuid", "X, GPU-8a2f1c34-0b1c-4f6e-9d3a-11223344556g", "not a UUID"},
    {"error_text", "NVIDIA-SMI has failed, because it could not\n", "not a UUID"},
    {"twice", "X, " + kOne + "\nX, " + kOne + "\n", "twice"},
    {"too_many", Many(), "too many GPUs"},
};

BOOST_DATA_TEST_CASE(output_that_is_no_list_is_refused, kHostile, hostile) {
  CHECK_ERROR(ParseGpuList(hostile.output), ErrorCode::kMalformed, hostile.message);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
