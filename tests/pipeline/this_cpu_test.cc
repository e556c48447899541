#include "pipeline/this_cpu.h"

#include <boost/json.hpp>

#include "pipeline/draft.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;

namespace {

const std::string kAmd =
    "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9B14\n"
    "cpu MHz\t\t: 2596.098\nflags\t\t: fpu sse sse2 avx avx2 avx512f avx512dq\n\n"
    "processor\t: 1\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9B14\n"
    "cpu MHz\t\t: 3100.000\nflags\t\t: fpu sse sse2 avx avx2 avx512f avx512dq\n";

const std::string kIntel =
    "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5\n"
    "cpu MHz\t\t: 800\nflags\t\t: fpu sse avx avx2 avx512fake\n";

const std::string kArm =
    "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd evtstrm aes\n"
    "CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\n"
    "processor\t: 1\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(this_cpu)

BOOST_AUTO_TEST_CASE(reads_cores_lanes_and_clock) {
  REQUIRE_VALUE(const ReportedCpu cpu, ParseCpuInfo(kAmd, ""));
  BOOST_CHECK_EQUAL(cpu.model, "AMD EPYC 9B14");
  BOOST_CHECK_EQUAL(cpu.vendor, "AuthenticAMD");
  BOOST_CHECK_EQUAL(cpu.cores, 2U);
  BOOST_CHECK_EQUAL(cpu.f32_lanes, 16U);
  BOOST_CHECK_EQUAL(cpu.fma_units, 2U);
  BOOST_CHECK_EQUAL(cpu.nominal_hz, 2'596'098'000U);
  BOOST_CHECK(!cpu.maximum_hz.has_value());
  BOOST_CHECK_EQUAL(cpu.used_hz(), 2'596'098'000U);
}

BOOST_AUTO_TEST_CASE(a_flag_is_a_whole_word) {
  REQUIRE_VALUE(const ReportedCpu cpu, ParseCpuInfo(kIntel, ""));
  BOOST_CHECK_EQUAL(cpu.f32_lanes, 8U);
  BOOST_CHECK_EQUAL(cpu.nominal_hz, 800'000'000U);
  BOOST_CHECK_EQUAL(cpu.cores, 1U);
}

BOOST_AUTO_TEST_CASE(the_reported_maximum_is_used) {
  REQUIRE_VALUE(const ReportedCpu cpu, ParseCpuInfo(kIntel, "4500000\n"));
  BOOST_CHECK_EQUAL(cpu.nominal_hz, 800'000'000U);
  BOOST_CHECK(cpu.maximum_hz == 4'500'000'000U);
  BOOST_CHECK_EQUAL(cpu.used_hz(), 4'500'000'000U);
}

BOOST_AUTO_TEST_CASE(arm_has_a_model_by_its_implementer_and_128_bits) {
  REQUIRE_VALUE(const ReportedCpu cpu, ParseCpuInfo(kArm, "2600000\n"));
  BOOST_CHECK_EQUAL(cpu.model, "0x41");
  BOOST_CHECK_EQUAL(cpu.cores, 2U);
  BOOST_CHECK_EQUAL(cpu.f32_lanes, 4U);
  BOOST_CHECK_EQUAL(cpu.nominal_hz, 2'600'000'000U);
}

BOOST_AUTO_TEST_CASE(without_a_clock_nothing_is_said) {
  CHECK_ERROR(ParseCpuInfo(kArm, ""), ErrorCode::kMalformed, "clock");
  CHECK_ERROR(ParseCpuInfo(kArm, "0\n"), ErrorCode::kMalformed, "clock");
  CHECK_ERROR(ParseCpuInfo(kArm, "fast\n"), ErrorCode::kMalformed, "clock");
  for (const char* clock : {"", "2.5GHz", "-1", "2000000", "1e3", "12.3x4"}) {
    CHECK_ERROR(ParseCpuInfo(
                    "processor\t: 0\nmodel name\t: X\ncpu MHz\t: " + std::string(clock) + "\n", ""),
                ErrorCode::kMalformed, "clock");
  }
}

BOOST_AUTO_TEST_CASE(without_model_or_cores_nothing_is_said) {
  CHECK_ERROR(ParseCpuInfo("processor\t: 0\ncpu MHz\t: 1000\n", ""), ErrorCode::kMalformed,
              "model and cores");
  CHECK_ERROR(ParseCpuInfo("model name\t: X\ncpu MHz\t: 1000\n", ""), ErrorCode::kMalformed,
              "model and cores");
  CHECK_ERROR(ParseCpuInfo("processor\t: 0\nmodel name\t: X\x01\ncpu MHz\t: 1000\n", ""),
              ErrorCode::kMalformed, "model and cores");
  CHECK_ERROR(ParseCpuInfo("", ""), ErrorCode::kMalformed, "clock");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_refused) {
  CHECK_ERROR(ParseCpuInfo("processor\t: 0\nmodel name\t: X\xff\ncpu MHz\t: 1000\n", ""),
              ErrorCode::kMalformed, "model and cores");
  CHECK_ERROR(
      ParseCpuInfo("processor\t: 0\nmodel name\t: X\nvendor_id\t: \xff\ncpu MHz\t: 1\n", ""),
      ErrorCode::kMalformed, "vendor");
}

BOOST_AUTO_TEST_CASE(the_json_is_a_devices_cpu) {
  REQUIRE_VALUE(const ReportedCpu cpu, ParseCpuInfo(kIntel, "4500000\n"));
  const auto json = boost::json::parse(CpuJson(cpu));
  BOOST_CHECK_EQUAL(json.at("used_hz").to_number<uint64_t>(), 4'500'000'000U);
  BOOST_CHECK_EQUAL(json.at("maximum_hz").to_number<uint64_t>(), 4'500'000'000U);
  BOOST_CHECK_EQUAL(json.at("f32_lanes").to_number<uint64_t>(), 8U);
  const std::string device =
      R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"Intel","cpu":)" + CpuJson(cpu) + "}";
  BOOST_CHECK(ReadWholeDraft(schemas::Kind::kDevice, device, "device").has_value());
}

BOOST_AUTO_TEST_CASE(this_machine_reports_itself_or_says_what_it_lacks) {
  const auto cpu = ReadThisCpu();
  if (!cpu.has_value()) {
    CHECK_ERROR(cpu, ErrorCode::kMalformed, "the system does not report the CPU's");
    return;
  }
  BOOST_CHECK_GE(cpu->cores, 1U);
  BOOST_CHECK_GE(cpu->used_hz(), 100'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()
