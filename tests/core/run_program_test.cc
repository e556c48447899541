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
  BOOST_CHECK_EQUAL(output->errors, "two\n");
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

BOOST_AUTO_TEST_CASE(reads_what_it_is_given) {
  const std::string input("\0\xff\n-e x", 7);
  REQUIRE_VALUE(const auto output, RunProgram({"cat"}, {}, input));
  BOOST_REQUIRE(output.has_value());
  BOOST_CHECK(output->text == input);
  REQUIRE_VALUE(const auto whole, RunProgram({"wc", "-c"}, {}, std::string(4'096, 'x')));
  BOOST_CHECK_EQUAL(whole->text, "4096\n");
}

BOOST_AUTO_TEST_CASE(one_that_reads_nothing_is_no_error) {
  REQUIRE_VALUE(const auto output, RunProgram({"true"}, {}, std::string(4'096, 'x')));
  BOOST_REQUIRE(output.has_value());
  BOOST_CHECK_EQUAL(output->status, 0);
}

BOOST_AUTO_TEST_CASE(errors_without_end_are_cut_off) {
  CHECK_ERROR(Shell("yes >&2", {milliseconds(300), 100}), ErrorCode::kIo, "no end after 300 ms");
  REQUIRE_VALUE(const auto output, Shell("head -c 200000 /dev/zero >&2; echo done"));
  BOOST_REQUIRE(output.has_value());
  BOOST_CHECK_EQUAL(output->text, "done\n");
  BOOST_CHECK_EQUAL(output->errors.size(), 4'096U);
}

BOOST_AUTO_TEST_CASE(what_it_leaves_behind_is_not_waited_for) {
  const auto began = std::chrono::steady_clock::now();
  REQUIRE_VALUE(const auto output, Shell("sleep 3 >/dev/null & echo done; echo also >&2"));
  BOOST_REQUIRE(output.has_value());
  BOOST_CHECK_EQUAL(output->errors, "also\n");
  BOOST_CHECK(std::chrono::steady_clock::now() - began < milliseconds(2'000));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
