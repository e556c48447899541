// R33: time and physics of devices, on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::EdgeType;
using wire::RunKind;

BOOST_AUTO_TEST_SUITE(compute_device)

// R33, device time

BOOST_AUTO_TEST_CASE(refuses_more_units_than_the_device_has) {
  ComputeFile file;
  file.SetUsage("m.0", {{"cpu", 2, 500}});
  CheckOnly(file, "33 device-time", "uses 2 units of device tpm:ek:cpu");
}

BOOST_AUTO_TEST_CASE(refuses_more_time_than_the_segment_lasts) {
  ComputeFile file;
  file.SetUsage("m.0", {{"cpu", 1, 1001}});
  CheckOnly(file, "33 device-time", "for 1001 ms, but lasts only 1000 ms");
}

BOOST_AUTO_TEST_CASE(refuses_use_outside_the_allocations_window) {
  ComputeFile file;
  auto window = schemas::BuilderOf<wire::Allocation>(file.At("grant").predicate).getWindow();
  window.getTo().setMs(kOpened + 1999);
  CheckOnly(file, "33 device-time", "outside the window of allocation");
  window.getTo().setMs(kOpened + 2000);
  Passes(file);
  window.getFrom().setMs(kOpened + 1);
  CheckOnly(file, "33 device-time", "outside the window of allocation");
}

BOOST_AUTO_TEST_CASE(items_of_one_segment_share_the_devices_time) {
  ComputeFile file;
  file.SetUsage("m.0", {{"cpu", 1, 400, "grant"}, {"cpu", 1, 600}});
  Passes(file);
  file.SetUsage("m.0", {{"cpu", 1, 401, "grant"}, {"cpu", 1, 600}});
  CheckOnly(file, "33 device-time", "takes 1001 unit milliseconds of device tpm:ek:cpu");
}

BOOST_AUTO_TEST_CASE(refuses_two_segments_on_one_unit_at_once) {
  ComputeFile file;
  file.Segment("m.1").getTime().getFrom().setMs(kOpened + 999);
  CheckOnly(file, "33 device-time", "2 units of device tpm:ek:cpu are in use, but it has only 1");
}

BOOST_AUTO_TEST_CASE(a_device_is_one_under_all_its_statements) {
  ComputeFile file;
  file.AddCpu("again", "tpm:ek:cpu");
  file.SetUsage("m.1", {{"again", 1, 1000}});
  Passes(file);
  file.Segment("m.1").getTime().getFrom().setMs(kOpened);
  CheckOnly(file, "33 device-time", "2 units of device tpm:ek:cpu are in use, but it has only 1");
}

BOOST_AUTO_TEST_CASE(segments_at_once_may_share_a_group) {
  ComputeFile file;
  file.AddChip("fleet", "group:x", "h100-sxm5", 8);
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"fleet", 4, 1000}});
    file.Segment(segment).getTime().getFrom().setMs(kOpened);
    file.Segment(segment).getTime().getTo().setMs(kOpened + 1000);
  }
  Passes(file);
  file.SetUsage("m.1", {{"fleet", 5, 1000}});
  CheckOnly(file, "33 device-time", "9 units of device group:x are in use, but it has only 8");
  // A unit for a moment is one more at some moment: an average is rounded up.
  file.SetUsage("m.1", {{"fleet", 4, 1000}, {"fleet", 1, 1}});
  CheckOnly(file, "33 device-time", "9 units of device group:x are in use, but it has only 8");
  file.SetUsage("m.0", {{"fleet", 3, 1000}});
  Passes(file);
  file.SetUsage("m.0", {{"fleet", 4, 1000}});
  // As many at every moment, however short each is used.
  file.SetUsage("m.1", {{"fleet", 5, 1}});
  CheckOnly(file, "33 device-time", "9 units of device group:x are in use, but it has only 8");
}

BOOST_AUTO_TEST_CASE(segments_of_other_runs_count_against_the_device) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.set_root("t");
  file.SetUsage("t.0", {{"cpu", 1, 1000}});
  CheckOnly(file, "33 device-time", "2 units of device tpm:ek:cpu are in use, but it has only 1");
}

BOOST_AUTO_TEST_CASE(segment_that_ends_before_it_starts_has_no_time) {
  ComputeFile file;
  file.Segment("m.0").getTime().getTo().setMs(kOpened - 1);
  CheckReason(file, "33 device-time", "but lasts only 0 ms");
}

// R33, physics

BOOST_AUTO_TEST_CASE(refuses_more_flop_than_the_device_can_do) {
  ComputeFile file;
  FigureSpec spec;
  spec.tokens = 10'000;  // 6.1e11 FLOP in a second on 3.328e11 FLOP/s
  spec.counter = 0;
  SetAll(file, spec);
  CheckOnly(file, "33 beyond-physics",
            "claims 6.1e11 FLOP in 1 s on 1 x \"Xeon\" (peak 3.3e11 FLOP/s): 1.8 times what the "
            "device can do");
  Findings findings;
  file.Verify(findings);
  BOOST_CHECK_EQUAL(findings.Sorted().front().hint,
                    "check the token count or the device list; the peak is 2 cores x 16 F32 lanes "
                    "x 2 FMA units x 2 x 2.6 GHz = 3.3e11 FLOP/s");
}

BOOST_AUTO_TEST_CASE(ceiling_is_reached_exactly) {
  ComputeFile file;
  SetAllSingle(file, 332'800'000'000);
  CheckText(Passes(file), "100 % of the device's peak at the stated precision");
  SetAllSingle(file, 332'800'000'001);
  CheckOnly(file, "33 beyond-physics", "1.0 times what the device can do");
}

BOOST_AUTO_TEST_CASE(refuses_flop_of_no_device) {
  ComputeFile file;
  file.SetUsage("m.0", {});
  CheckOnly(file, "33 beyond-physics",
            "claims 6.1e10 FLOP in 1 s on no device: the devices can do none");
}

BOOST_AUTO_TEST_CASE(a_chips_ceiling_is_at_the_highest_precision_claimed) {
  ComputeFile file;
  file.AddChip("gpu", "nvidia:gpu:1", "h100-sxm5", 1);
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"gpu", 1, 1000}});
    file.Segment(segment).initPrecision(1).set(0, wire::Precision::FP32);
  }
  SetAllSingle(file, 66'910'000'000'001);  // FP32 peak and one
  CheckOnly(file, "33 beyond-physics", "on 1 x \"h100-sxm5\" (peak 6.7e13 FLOP/s)");
  for (const char* segment : {"m.0", "m.1"}) {
    auto list = file.Segment(segment).initPrecision(2);
    list.set(0, wire::Precision::FP32);
    list.set(1, wire::Precision::BF16);
  }
  Passes(file);
}

BOOST_AUTO_TEST_CASE(unknown_chip_is_undisclosed) {
  for (const std::string chip : {"h100", "undisclosed", "H100-SXM5"}) {
    ComputeFile file;
    file.AddChip("gpu", "nvidia:gpu:1", chip, 1);
    file.SetUsage("m.0", {{"gpu", 1, 1000}});
    const auto outcome = Passes(file);
    BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
    CheckText(outcome, chip == "undisclosed"
                           ? " does not disclose its chip"
                           : " has chip \"" + chip + "\", which is not in the catalogue");
  }
}

BOOST_AUTO_TEST_CASE(undisclosed_total_leaves_update_under_the_ceiling) {
  ComputeFile file;
  SetAllSingle(file, 332'800'000'001);
  for (const char* segment : {"m.0", "m.1"}) {
    file.Segment(segment).getFlop().initTotal().setUndisclosed();
  }
  file.StateTotals("m.done", 2000, "665600000002", "");
  file.StateNumbers("m", "665600000002", "");
  CheckOnly(file, "33 beyond-physics", "claims 3.3e11 FLOP");
}

// The lie: work that trains nothing, as in a rollout, and that the devices cannot have done.
BOOST_AUTO_TEST_CASE(the_total_is_under_the_ceiling_not_only_the_update) {
  ComputeFile file;
  SetAllSingle(file, 332'800'000'000);
  Passes(file);
  WriteSingle(file.Segment("m.1").getFlop().initTotal(), Flop(332'800'000'001));
  file.StateTotals("m.done", 2000, "665600000000", "665600000001");
  file.StateNumbers("m", "665600000000", "665600000001");
  CheckOnly(file, "33 beyond-physics", "claims 3.3e11 FLOP");
}

BOOST_AUTO_TEST_CASE(reports_overflow_of_a_ceiling) {
  ComputeFile file;
  auto cpu = file.Device("cpu").getCpu();
  cpu.getCores().setValue(~uint64_t{0});
  cpu.getNominalHz().setValue(~uint64_t{0});
  cpu.getUsedHz().setValue(~uint64_t{0});
  CheckOnly(file, "33 flop-overflow", "usage: the arithmetic exceeds 128 bits");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
