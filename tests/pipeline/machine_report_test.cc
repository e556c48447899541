#include "pipeline/machine_report.h"

#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;

namespace {

constexpr std::string_view kGpus =
    R"({"host":"node7","gpus":[{"name":"NVIDIA H100 80GB HBM3",)"
    R"("id":"nvidia:gpu:5b3c1a52-0000-4000-8000-000000000001"},{"name":"NVIDIA H100 80GB HBM3",)"
    R"("id":"nvidia:gpu:5b3c1a52-0000-4000-8000-000000000002"}]})";
constexpr std::string_view kCpu =
    R"({"host":"node8","gpus":[],"cpu":{"model":"Xeon","vendor":"GenuineIntel","cores":2,)"
    R"("f32_lanes":16,"fma_units":2,"nominal_hz":2600000000,"maximum_hz":3000000000}})";

std::string With(std::string_view text, std::string_view part, std::string_view other) {
  std::string changed(text);
  const size_t at = changed.find(part);
  BOOST_REQUIRE(at != changed.npos);
  return changed.replace(at, part.size(), other);
}

struct Refused {
  std::string text;
  const char* why;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.why; }

const Refused kRefused[] = {
    {"", "report of a machine"},
    {"[]", "expected an object"},
    {With(kCpu, "node8", ""), "host: not such a text"},
    {With(kCpu, "node8", "a\\u202eb"), "host: not such a text"},
    {With(kCpu, "\"node8\"", "8"), "host: expected a text"},
    {With(kCpu, "\"host\"", "\"home\""), "home: no such field"},
    {With(kCpu, "\"cores\":2", "\"cores\":0"), "cores: expected a number above 0"},
    {With(kCpu, "\"cores\":2", "\"cores\":-2"), "cores: expected a number above 0"},
    {With(kCpu, "\"cores\":2,", ""), "cores: expected a number above 0"},
    {With(kCpu, "\"cores\":2", "\"used_hz\":2"), "cpu.used_hz: no such field"},
    {With(kCpu, ":3000000000", ":3e9"), "maximum_hz: expected a number above 0"},
    {With(kGpus, "nvidia:gpu:5b3c1a52", "nvidia:gpu:zz"), "id: not a canonical id"},
    {With(kGpus, "]}", R"(],"cpu":{"model":"Xeon"}})"), "cpu: a machine is described by its GPUs"},
    {R"({"host":"a","gpus":[]})", "cpu: a machine is described by its GPUs"},
    {R"({"host":"a","gpus":{}})", "gpus: expected a list"},
    {R"({"host":"a"})", "gpus: required"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(machine_report)

BOOST_AUTO_TEST_CASE(says_what_the_machine_reported) {
  REQUIRE_VALUE(const ThisMachine gpus, ReadMachineReport(kGpus));
  BOOST_CHECK_EQUAL(gpus.host, "node7");
  BOOST_REQUIRE_EQUAL(gpus.gpus.size(), 2U);
  BOOST_CHECK_EQUAL(gpus.gpus[1].id, "nvidia:gpu:5b3c1a52-0000-4000-8000-000000000002");
  BOOST_CHECK_EQUAL(WriteMachineReport(gpus), kGpus);
  REQUIRE_VALUE(const ThisMachine cpu, ReadMachineReport(kCpu));
  BOOST_REQUIRE(cpu.cpu.has_value());
  BOOST_CHECK_EQUAL(cpu.cpu->f32_lanes, 16U);
  BOOST_CHECK_EQUAL(cpu.cpu->used_hz(), 3'000'000'000U);
  BOOST_CHECK_EQUAL(WriteMachineReport(cpu), kCpu);
}

BOOST_AUTO_TEST_CASE(refuses_several_kinds_as_the_machine_itself_does) {
  CHECK_ERROR(ReadMachineReport(With(kGpus, "NVIDIA H100", "NVIDIA A100")), ErrorCode::kRejected,
              "GPUs of several kinds");
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), refused) {
  CHECK_ERROR(ReadMachineReport(refused.text), ErrorCode::kMalformed, refused.why);
}

BOOST_AUTO_TEST_SUITE_END()
