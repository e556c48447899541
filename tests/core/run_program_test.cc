#include "core/run_program.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

using std::chrono::milliseconds;

Result<std::optional<ProgramOutput>> Shell(const std::string& script,
                                           const ProgramLimits& limits = {}) {
  return RunProgram({"sh", "-c", script}, limits);
}

BOOST_AUTO_TEST_SUITE(run_program)

BOOST_AUTO_TEST_CASE(returns_output_and_status) {
  REQUIRE_VALUE(const auto output, Shell("cat; echo one; echo two >&2; exit 7"));
  BOOST_REQUIRE(output.has_value());
  BOOST_CHECK_EQUAL(output->text, "one\n");
  BOOST_CHECK_EQUAL(output->status, 7);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_absent) {
  REQUIRE_VALUE(const auto output, RunProgram({"carnet-no-such-program"}));
  BOOST_CHECK(!output.has_value());
}

BOOST_AUTO_TEST_CASE(one_that_hangs_is_killed_with_what_it_started) {
  const test::ScratchFolder folder;
  const std::string late = folder / "late";
  CHECK_ERROR(Shell("(sleep 1; touch '" + late + "') & sleep 100", {milliseconds(200), 100}),
              ErrorCode::kIo, "sh: no end after 200 ms");
  std::this_thread::sleep_for(milliseconds(1'300));
  BOOST_CHECK(!std::filesystem::exists(late));
}

BOOST_AUTO_TEST_CASE(one_that_closes_its_output_and_hangs_is_killed) {
  CHECK_ERROR(Shell("exec >&-; sleep 100", {milliseconds(200), 100}), ErrorCode::kIo,
              "no end after 200 ms");
}

BOOST_AUTO_TEST_CASE(output_without_end_is_cut_off) {
  CHECK_ERROR(Shell("yes", {milliseconds(60'000), 100'000}), ErrorCode::kIo,
              "more than 100000 bytes of output");
}

BOOST_AUTO_TEST_CASE(one_that_a_signal_ends_is_an_error) {
  CHECK_ERROR(Shell("kill -SEGV $$"), ErrorCode::kIo, "sh: ended by a signal");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
