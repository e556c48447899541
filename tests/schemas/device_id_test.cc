// Device ids as tools print them. Printed forms: `nvidia-smi -L`, AWS instance metadata.
#include "schemas/device_id.h"

#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

BOOST_AUTO_TEST_SUITE(device_id)

struct Printed {
  const char* text;
  const char* canonical;
};
std::ostream& operator<<(std::ostream& out, const Printed& each) { return out << each.text; }

const std::vector<Printed> kPrinted = {
    {"GPU-513536b6-7d19-9063-b049-1e69664bb298", "nvidia:gpu:513536b6-7d19-9063-b049-1e69664bb298"},
    {"GPU-513536B6-7D19-9063-B049-1E69664BB298", "nvidia:gpu:513536b6-7d19-9063-b049-1e69664bb298"},
    {"  GPU-513536b6-7d19-9063-b049-1e69664bb298 ",
     "nvidia:gpu:513536b6-7d19-9063-b049-1e69664bb298"},
    {"nvidia:gpu:513536b6-7d19-9063-b049-1e69664bb298",
     "nvidia:gpu:513536b6-7d19-9063-b049-1e69664bb298"},
    {"i-0123456789abcdef0", "aws:i-0123456789abcdef0"},
    {"AMD:SEV:0123456789ABCDEF", "amd:sev:0123456789abcdef"},
};

BOOST_DATA_TEST_CASE(what_a_tool_prints_has_a_canonical_spelling,
                     boost::unit_test::data::make(kPrinted)) {
  REQUIRE_VALUE(const std::string canonical, CanonicalDeviceId(sample.text));
  BOOST_CHECK_EQUAL(canonical, sample.canonical);
  BOOST_CHECK(CheckDeviceId(canonical).has_value());
  if (std::string_view(sample.text) == sample.canonical) return;
  CHECK_ERROR(CheckDeviceId(sample.text), ErrorCode::kMalformed,
              std::string(": write ") + sample.canonical);
}

BOOST_AUTO_TEST_CASE(a_mig_instance_is_no_device) {
  for (const char* text : {"MIG-ce861fb0-a248-58ce-a9a8-f9adbc22a66a",
                           "MIG-GPU-ce861fb0-a248-58ce-a9a8-f9adbc22a66/1/0"}) {
    CHECK_ERROR(CanonicalDeviceId(text), ErrorCode::kMalformed,
                "a MIG instance is a part of a GPU; write the GPU's id, nvidia:gpu:<uuid>");
  }
  const std::string old = "MIG-GPU-ce861fb0-a248-58ce-a9a8-f9adbc22a66a/1/0";
  CHECK_ERROR(CheckDeviceId(old), ErrorCode::kMalformed,
              "write the GPU's id, nvidia:gpu:ce861fb0-a248-58ce-a9a8-f9adbc22a66a");
}

BOOST_DATA_TEST_CASE(nothing_is_made_of_other_texts,
                     boost::unit_test::data::make({"", " ", "GPU-", "GPU-5b3c", "0", "GPU 0",
                                                   "513536b6-7d19-9063-b049-1e69664bb298",
                                                   "GPU-513536b6-7d19-9063-b049-1e69664bb298x",
                                                   "MIX-513536b6-7d19-9063-b049-1e69664bb298",
                                                   "0x18ee2d1a1b2c3d4e", "i-012", "group:x"})) {
  CHECK_ERROR(CanonicalDeviceId(sample), ErrorCode::kMalformed,
              "not a device id of any known form");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::schemas
