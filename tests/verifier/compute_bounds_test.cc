// R33 and R37: what allocations sell, and what device time allows at most, on the honest file: two
// segments of a second each on a CPU of 332,800,000,000 FLOP/s, 122,000,000,000 FLOP in all.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using compute::OffPath;
using wire::EdgeType;
using wire::RunKind;

std::string UpperOf(const ComputeFile& file) {
  const auto upper = file.Bounds().upper;
  return upper.amount ? upper.amount->ToString() : "unknown: " + upper.unknown_because;
}

void CheckUpper(const ComputeFile& file, const std::string& expected) {
  const std::string upper = UpperOf(file);
  BOOST_CHECK_MESSAGE(upper.starts_with(expected), upper << ", not " << expected);
}

std::string TextOf(const ComputeFile& file) {
  return compute::BoundsText(file.Bounds(), file.counting.min_utilisation_ppm);
}

BOOST_AUTO_TEST_SUITE(compute_bounds)

// R33, time sold

void SellAll(ComputeFile& file, uint64_t device_ms) {
  file.Allocation("grant").initDeviceMs().setValue(device_ms);
}

BOOST_AUTO_TEST_CASE(refuses_more_use_than_an_allocation_sells) {
  ComputeFile file;
  SellAll(file, 2000);
  Passes(file);
  SellAll(file, 1999);
  CheckOnly(file, "33 device-time", "sells 1999 unit milliseconds, but 2000 are used and 0 resold");
}

BOOST_AUTO_TEST_CASE(use_is_counted_by_unit) {
  ComputeFile file;
  file.AddChip("fleet", "group:x", "h100-sxm5", 8);
  file.SetUsage("m.0", {{"fleet", 8, 1000, "grant"}});
  SellAll(file, 9000);
  Passes(file);
  SellAll(file, 8999);
  CheckOnly(file, "33 device-time", "but 9000 are used");
}

BOOST_AUTO_TEST_CASE(refuses_more_resale_than_an_allocation_sells) {
  ComputeFile file;
  SellAll(file, 10'000);
  file.AddAllocation("part", 8000, {"cpu"}, "grant");
  Passes(file);  // 2,000 used directly
  file.AddAllocation("more", 1, {"cpu"}, "grant");
  CheckOnly(file, "33 device-time", "but 2000 are used and 8001 resold");
}

BOOST_AUTO_TEST_CASE(use_under_a_resale_counts_against_every_seller_above_it) {
  ComputeFile file;
  file.AddAllocation("retail", 0, {"cpu"}, "wholesale");
  file.AddAllocation("wholesale", 0, {"cpu"}, "grant");
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "retail"}});
  }
  SellAll(file, 2000);
  Passes(file);
  SellAll(file, 1999);
  CheckOnly(file, "33 device-time", "but 0 are used and 2000 resold");
}

// R37, the upper bound

BOOST_AUTO_TEST_CASE(time_used_bounds_the_sum_from_above) {
  ComputeFile file;
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
  BOOST_CHECK_EQUAL(file.Bounds().lower().ToString(), "122000000000");
  BOOST_CHECK_EQUAL(TextOf(file),
                    "1.2e11 stated; at most 6.7e11 by the device time, not counter-signed: device "
                    "time that the signer hides is not seen; 18 % of the devices' peak (policy: at "
                    "least 5 %)");
}

// The lie: work in FP8 that is stated as FP32.
BOOST_AUTO_TEST_CASE(a_chip_counts_at_its_fastest_precision) {
  ComputeFile file;
  file.AddChip("gpu", "nvidia:gpu:1", "h100-sxm5", 1);
  for (const char* segment : {"m.0", "m.1"}) file.SetUsage(segment, {{"gpu", 1, 1000}});
  BOOST_CHECK_EQUAL(UpperOf(file), "3958000000000000");  // 2 s of 1,979 TFLOP/s in FP8
}

// The lie: hours that were bought are left out of the usage.
BOOST_AUTO_TEST_CASE(time_sold_and_not_used_counts) {
  ComputeFile file;
  SellAll(file, 10'000);
  BOOST_CHECK_EQUAL(UpperOf(file), "3328000000000");
  BOOST_CHECK_EQUAL(TextOf(file),
                    "1.2e11 stated; at most 3.3e12 by the device time, counter-signed by cloud; "
                    "3.7 % of the devices' peak (policy: at least 5 %); the devices of runs below "
                    "that share had time for 3.2e12 more");
  SellAll(file, 2000);
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
}

// The lie: a whole allocation is left out of the usage, though the run planned with it.
BOOST_AUTO_TEST_CASE(an_allocation_that_the_run_planned_counts_though_unused) {
  ComputeFile file;
  file.AddAllocation("idle", 5000, {"cpu"});
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
  schemas::SetDigest(file.Run("m.run").initAllocations(1)[0], Named<StatementId>("idle"));
  BOOST_CHECK_EQUAL(UpperOf(file), "2329600000000");  // 7 s
}

BOOST_AUTO_TEST_CASE(only_allocations_of_what_the_sum_reaches_count) {
  ComputeFile file;
  SellAll(file, 10'000);
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.set_root("t");
  BOOST_CHECK_EQUAL(UpperOf(file), "3660800000000");  // 11 s
  file.counting.rule.edge_types.clear();
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");
}

BOOST_AUTO_TEST_CASE(segments_outside_the_sum_explain_the_time_they_use) {
  ComputeFile file;
  SellAll(file, 3000);
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.SetUsage("t.0", {{"t.cpu", 1, 1000, "grant"}});
  file.set_root("t");
  file.counting.rule.edge_types.clear();
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");  // the other 2 s are m's
}

// "t", fine-tuned from "m" under the same allocation; the sum is of "t" alone.
ComputeFile BesideAnother() {
  ComputeFile file;
  SellAll(file, 3000);
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.SetUsage("t.0", {{"t.cpu", 1, 1000, "grant"}});
  file.set_root("t");
  file.counting.rule.edge_types.clear();
  return file;
}

// The lie: a teacher, or a segment off the path, that computes next to nothing takes the time.
BOOST_AUTO_TEST_CASE(idle_use_outside_the_sum_explains_no_time) {
  ComputeFile file = BesideAnother();
  SetAllSingle(file, 16'640'000'000);  // 5 % of a second
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");
  SetAllSingle(file, 16'639'999'999);
  BOOST_CHECK_EQUAL(UpperOf(file), "998400000000");  // and the 2 s of m
  file.counting.min_utilisation_ppm = 49'999;
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");
  file.Segment("m.0").getFlop().getUpdate().setUndisclosed();
  file.Segment("m.0").getFlop().getTotal().setUndisclosed();
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
}

BOOST_AUTO_TEST_CASE(nor_does_idle_use_under_what_a_party_resold_to_itself) {
  ComputeFile file = BesideAnother();
  file.AddAllocation("part", 2000, {"cpu"}, "grant");
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "part"}});
  }
  SetAllSingle(file, 1);
  file.SetParty("part", "reseller");
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");
  file.SetParty("part", "lab");
  BOOST_CHECK_EQUAL(UpperOf(file), "998400000000");
  file.Allocation("part").disownDeviceMs();
  BOOST_CHECK_EQUAL(UpperOf(file), "998400000000");
  SetAllSingle(file, 61'000'000'000);
  BOOST_CHECK_EQUAL(UpperOf(file), "332800000000");
}

// The lie: a part is resold to oneself, and nobody uses it.
BOOST_AUTO_TEST_CASE(time_resold_to_oneself_and_not_used_counts) {
  ComputeFile file;
  SellAll(file, 10'000);
  file.AddAllocation("part", 8000, {"cpu"}, "grant");
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
  file.SetParty("part", "lab");
  BOOST_CHECK_EQUAL(UpperOf(file), "3328000000000");
}

BOOST_AUTO_TEST_CASE(time_resold_without_a_list_is_of_the_devices_that_were_sold) {
  ComputeFile file;
  file.AddChip("gpu", "nvidia:gpu:1", "h100-sxm5", 1);
  file.AddAllocation("whole", 3000, {"cpu", "gpu"});
  file.AddAllocation("part", 3000, {}, "whole");
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "part"}});
  }
  BOOST_CHECK_EQUAL(UpperOf(file), "1979665600000000");  // a second of the GPU
}

// R37, who vouches for whom

// "t" from "m", which is busy; "t" has an allocation of its own.
ComputeFile WithItsOwn(uint64_t device_ms) {
  ComputeFile file;
  SellAll(file, 2000);
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.AddAllocation("own", device_ms, {"t.cpu"});
  file.SetUsage("t.0", {{"t.cpu", 1, 1000, "own"}});
  file.set_root("t");
  return file;
}

// The lie: a busy parent makes up for hours of the child that nothing explains.
BOOST_AUTO_TEST_CASE(a_busy_run_does_not_vouch_for_time_that_another_bought) {
  const auto honest = WithItsOwn(3000).Bounds();  // 6.1 % of 3 s
  BOOST_CHECK_EQUAL(honest.upper.idle->ToString(), "0");
  const auto lie = WithItsOwn(4000).Bounds();  // 4.6 % of 4 s
  BOOST_CHECK(lie.IsBusy(50'000));
  BOOST_CHECK_EQUAL(lie.upper.idle->ToString(), "1270200000000");
  BOOST_CHECK_EQUAL(lie.WithIdle()->ToString(), "1453200000000");
}

BOOST_AUTO_TEST_CASE(time_that_idle_runs_share_counts_once) {
  ComputeFile file = WithItsOwn(40'000);
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "own"}});
  }
  BOOST_CHECK_EQUAL(file.Bounds().upper.idle->ToString(), "13129000000000");
}

// R37, who names the chips

std::string OwnChipsOf(const ComputeFile& file) { return file.Bounds().upper.own_chips.ToString(); }

// The lie: the cloud sold a pool of faster chips than those that the lab says it used.
BOOST_AUTO_TEST_CASE(a_seller_vouches_for_the_chips_that_it_names) {
  const std::string own_word = "which chips were sold, only the run's own party says";
  ComputeFile file;
  SellAll(file, 2000);
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "0");
  file.SetParty("cpu", "lab");
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "665600000000");
  BOOST_CHECK(TextOf(file).find("not counter-signed: " + own_word) != std::string::npos);
  schemas::SetDigest(file.Allocation("grant").initDevices(1)[0], Named<StatementId>("cpu"));
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "0");
  BOOST_CHECK(TextOf(file).find(", counter-signed by cloud;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(chips_of_ones_own_are_sold_by_nobody) {
  ComputeFile file;
  SellAll(file, 2000);
  file.SetParty("cpu", "lab");
  file.SetParty("grant", "lab");
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "0");
  BOOST_CHECK(TextOf(file).find("not counter-signed: device time that") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(chips_of_a_pool_are_not_ones_own_after_a_resale_to_oneself) {
  ComputeFile file;
  SellAll(file, 2000);
  file.AddAllocation("part", 2000, {"cpu"}, "grant");
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "part"}});
  }
  file.SetParty("cpu", "lab");
  file.SetParty("part", "lab");
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "665600000000");
  file.SetParty("cpu", "cloud");
  BOOST_CHECK_EQUAL(OwnChipsOf(file), "0");
}

// The lie: the lab sells itself a small part of what the cloud sold it, and names that part.
BOOST_AUTO_TEST_CASE(what_a_party_resells_to_itself_is_not_hidden) {
  ComputeFile file;
  SellAll(file, 10'000);
  file.AddAllocation("part", 2000, {"cpu"}, "grant");
  file.SetParty("part", "lab");
  for (const char* segment : {"m.0", "m.1"}) {
    file.SetUsage(segment, {{"cpu", 1, 1000, "part"}});
  }
  schemas::SetDigest(file.Allocation("grant").initDevices(1)[0], Named<StatementId>("cpu"));
  BOOST_CHECK_EQUAL(UpperOf(file), "3328000000000");
  BOOST_CHECK(TextOf(file).find("80 % of it counter-signed by cloud") != std::string::npos);
  file.SetParty("part", "reseller");  // who keeps the rest
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
  BOOST_CHECK(TextOf(file).find(", counter-signed by reseller;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_seller_of_ones_own_party_counter_signs_nothing) {
  ComputeFile file;
  SellAll(file, 2000);
  file.SetParty("grant", "lab");
  BOOST_CHECK(TextOf(file).find("not counter-signed") != std::string::npos);
  file.SetParty("grant", "");
  BOOST_CHECK(TextOf(file).find("not counter-signed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(time_without_an_allocation_is_not_counter_signed) {
  ComputeFile file;
  SellAll(file, 1000);
  file.SetUsage("m.1", {{"cpu", 1, 1000}});
  BOOST_CHECK(TextOf(file).find("50 % of it counter-signed by cloud") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_peak_or_a_time_there_is_no_upper_bound) {
  ComputeFile chip;
  chip.AddChip("gpu", "nvidia:gpu:1", "unheard-of", 1);
  chip.SetUsage("m.1", {{"gpu", 1, 1000}});
  CheckUpper(chip, "unknown: device nvidia:gpu:1 (");
  BOOST_CHECK(TextOf(chip).find("1.2e11 stated; upper bound unknown: device") == 0);

  ComputeFile usage;
  usage.SetUsage("m.1", {});
  CheckUpper(usage, "unknown: segment 1 (");

  ComputeFile withheld;
  withheld.Allocation("grant").initDeviceMs().setUndisclosed();
  CheckUpper(withheld, "unknown: allocation (");

  ComputeFile pool;
  pool.AddAllocation("idle", 5000, {});
  schemas::SetDigest(pool.Run("m.run").initAllocations(1)[0], Named<StatementId>("idle"));
  CheckUpper(pool, "unknown: allocation (");

  ComputeFile huge;
  huge.Device("cpu").getCpu().getCores().setValue(~uint64_t{0});
  huge.Device("cpu").getCpu().getNominalHz().setValue(~uint64_t{0});
  huge.Device("cpu").getCpu().getUsedHz().setValue(~uint64_t{0});
  CheckUpper(huge, "unknown: device tpm:ek:cpu (");
}

BOOST_AUTO_TEST_CASE(a_sum_that_lacks_a_term_has_no_upper_bound) {
  ComputeFile file;
  file.Segment("m.0").getFlop().getTotal().setUndisclosed();
  CheckUpper(file, "unknown: a term is undisclosed or missing");
  BOOST_CHECK(TextOf(file).starts_with("at least 6.1e10 stated; upper bound unknown"));
}

BOOST_AUTO_TEST_CASE(generation_of_data_counts_as_stated_and_explains_no_device_time) {
  ComputeFile file;
  file.AddDataset("d");
  auto source = file.Dataset("d").initSources().initItems(1)[0];
  source.setKind(wire::SourceKind::SYNTHETIC);
  WriteSingle(source.initGenerationFlop(), F("1000000000000"));
  auto items = file.Run("m.run").initDatasets().initItems(1);
  schemas::SetDigest(items[0].initStatement(), Named<StatementId>("d"));
  file.counting.rule.synthetic = statements::Synthetic::kNonPublic;
  const auto bounds = file.Bounds();
  BOOST_CHECK_EQUAL(bounds.lower().ToString(), "1122000000000");
  BOOST_CHECK_EQUAL(bounds.upper.amount->ToString(), "1665600000000");
  BOOST_CHECK_EQUAL(bounds.work.ToString(), "122000000000");
  BOOST_CHECK_EQUAL(bounds.capacity.ToString(), "665600000000");
}

// Off the weights_from path

// m.2 goes on from the weights of m.0, and m.1 is left behind.
ComputeFile RolledBack() {
  ComputeFile file;
  file.AddSegment("m.2", "m.run",
                  {.seq = 2, .previous = "m.1", .lane = 0, .weights_from = "m.0", .model = "m"});
  file.Equip("m.2", {});
  file.Completion("m.done").initSegments(1)[0].setValue(3);
  schemas::SetDigest(file.Completion("m.done").initLast(1)[0], Named<StatementId>("m.2"));
  file.StateTotals("m.done", 3000, "183000000000", "183000000000");
  file.StateNumbers("m", "122000000000", "183000000000");
  return file;
}

// The lie: work is called a rollback, and is not in parameter-update any more.
BOOST_AUTO_TEST_CASE(what_a_rollback_leaves_behind_is_shown_and_can_be_counted) {
  ComputeFile file = RolledBack();
  CheckText(Passes(file),
            "; 1 segment with 6.1e10 FLOP of update off the weights_from path, counted");
  file.counting.rule.figure = statements::SummedFigure::kUpdate;
  CheckText(Passes(file), "off the weights_from path, not counted");
  BOOST_CHECK_EQUAL(file.Bounds().lower().ToString(), "122000000000");
  BOOST_CHECK_EQUAL(UpperOf(file), "665600000000");
  file.counting.off_path = OffPath::kCount;
  CheckText(Passes(file), "off the weights_from path, counted");
  BOOST_CHECK_EQUAL(file.Bounds().lower().ToString(), "183000000000");
  BOOST_CHECK_EQUAL(UpperOf(file), "998400000000");
  file.Segment("m.1").getFlop().getUpdate().setUndisclosed();
  BOOST_CHECK(file.Bounds().IsLowerBound());
  BOOST_CHECK_EQUAL(file.Bounds().lower().ToString(), "122000000000");
}

BOOST_AUTO_TEST_CASE(nothing_is_off_the_path_of_an_honest_run) {
  const ComputeFile file;
  BOOST_CHECK_EQUAL(file.Bounds().left_behind.segments, 0u);
  BOOST_CHECK(Passes(file).text.find("off the weights_from path") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
