// What the gate would refuse for good is not signed: every change below is to an honest draft.
#include "pipeline/check_statement.h"

#include "core/hex.h"
#include "pipeline/draft.h"
#include "tests/pipeline/recorder_at_work.h"
#include "tests/pipeline/trained_model.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }

// An honest segment of the recorder's run, from step 0.
drafts::SegmentTerms HonestSegment(const RealLedger& world) {
  return {.from_ms = world.clock_ms,
          .to_ms = world.clock_ms + kDraftMs,
          .flop_json = drafts::SegmentFlop(drafts::Figure({})),
          .usage = {{Hex(world.device), Hex(world.allocation)}}};
}

struct SegmentLie {
  const char* name;
  void (*tell)(drafts::SegmentTerms&, const RealLedger&);
  const char* reason;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const SegmentLie& lie) { return out << lie.name; }

const SegmentLie kSegmentLies[] = {
    {"steps_that_run_backwards",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.from_step = 10;
       segment.to_step = 0;
     },
     "segment-gap (R23)", "which run backwards"},
    {"steps_before_random_weights",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.from_step = 5; },
     "segment-gap (R23)", "the first from random weights"},
    {"times_that_run_backwards",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       std::swap(segment.from_ms, segment.to_ms);
     },
     "time-order (R29)", "but ends at"},
    {"a_start_long_before_the_run",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.from_ms -= 400'000; },
     "time-order (R29)", "before its run"},
    {"an_end_in_the_future",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.from_ms += 400'000;
       segment.to_ms += 400'000;
     },
     "time-order (R29)", "after it was created"},
    {"more_time_than_it_lasts",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.usage[0].ms = 1'000'000'000; },
     "device-time (R33)", ""},
    {"more_units_than_the_device_has",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.usage[0].units = 2; },
     "device-time (R33)", "which has only 1"},
    {"no_device_at_all",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.usage.clear(); },
     "beyond-physics (R33)", "no device"},
    {"more_than_the_device_can_do",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.tokens_json = "1000000";
       segment.flop_json = drafts::SegmentFlop(drafts::Figure({.tokens = 1'000'000}));
     },
     "beyond-physics (R33)", "what the device can do"},
    {"tokens_other_than_its_own",
     [](drafts::SegmentTerms& segment, const RealLedger&) { segment.tokens_json = "999"; },
     "flop-arithmetic (R31)", "the segment's tokens is 999"},
    {"an_amount_that_no_method_gives",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.flop_json = drafts::SegmentFlop(drafts::Stated(
           "1", "declared", {R"({"method":"declared","source":"us","result":"2"})"}));
     },
     "flop-arithmetic (R31)", "amount is 1"},
    {"a_figure_without_classes",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.flop_json = drafts::SegmentFlop(drafts::Stated(
           "6000000000", "architecture",
           {drafts::Architecture({.result = "6000000000", .tokens = 1'000, .classes_json = {}})}));
     },
     "bad-flop (R30)", "no classes"},
    {"figures_that_disagree",
     [](drafts::SegmentTerms& segment, const RealLedger&) {
       segment.flop_json = drafts::SegmentFlop(drafts::Figure({.counter = 60'000'000'000}));
     },
     "methods-disagree (R34)", ""},
    {"a_data_set_as_its_device",
     [](drafts::SegmentTerms& segment, const RealLedger& world) {
       segment.usage[0].device = Hex(world.dataset);
     },
     "wrong-kind-reference (R20)", "refers in usage[].device to dataset"},
};

struct RunLie {
  const char* name;
  void (*tell)(drafts::RunTerms&, const RealLedger&);
  const char* reason;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const RunLie& lie) { return out << lie.name; }

const RunLie kRunLies[] = {
    {"an_allocation_as_its_data_set",
     [](drafts::RunTerms& run, const RealLedger& world) {
       run.datasets = drafts::Texts{Hex(world.allocation)};
     },
     "wrong-kind-reference (R20)", "refers in datasets[].statement to allocation"},
    {"a_fine_tune_of_nothing",
     [](drafts::RunTerms& run, const RealLedger&) { run.kind = "fine-tune"; },
     "edges-do-not-fit-kind (R25)", "has 0 inputs of type fine-tuned-from, expected 1"},
    {"random_weights_from_a_parent",
     [](drafts::RunTerms& run, const RealLedger& world) {
       run.inputs = {drafts::Edge("fine-tuned-from", std::string(64, 'a'), Hex(world.dataset))};
     },
     "wrong-kind-reference (R20)", "inputs"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(check_statement, RecorderAtWork)

BOOST_AUTO_TEST_CASE(an_honest_segment_is_signed) {
  OpenRun();
  REQUIRE_VALUE(const Recorded segment, TrySegment(drafts::Segment(HonestSegment(world)), "a"));
  BOOST_CHECK(segment.notes.empty());
}

BOOST_DATA_TEST_CASE(what_the_gate_refuses_of_a_segment_is_not_signed, kSegmentLies, lie) {
  OpenRun();
  const uint64_t size = world.size();
  drafts::SegmentTerms terms = HonestSegment(world);
  lie.tell(terms, world);
  const auto answer = TrySegment(drafts::Segment(terms), "a");
  CHECK_ERROR(answer, ErrorCode::kRejected, "not signed, as the gate would refuse it: ");
  CHECK_ERROR(answer, ErrorCode::kRejected, lie.reason);
  CHECK_ERROR(answer, ErrorCode::kRejected, lie.message);
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(!Has("segment-0-0.signed.sigstore.json"));
  REQUIRE_VALUE(const Recorded mended, TrySegment(drafts::Segment(HonestSegment(world)), "a"));
  BOOST_CHECK_EQUAL(mended.step, "segment-0-0");
}

BOOST_AUTO_TEST_CASE(who_tries_out_a_gate_signs_lies_and_is_told) {
  recorder.reset();
  recorder =
      ValueOf(Recorder::Open(folder, world.lab(), world.ledger(), {.on_finding = OnFinding::kNote}),
              "open");
  OpenRun();
  drafts::SegmentTerms terms = HonestSegment(world);
  terms.usage[0].ms = 1'000'000'000;
  REQUIRE_VALUE(const Recorded segment, TrySegment(drafts::Segment(terms), "a"));
  BOOST_REQUIRE(!segment.notes.empty());
  BOOST_CHECK(segment.notes[0].starts_with(
      "signed, though the gate will refuse it: device-time (R33): segment 0 "));
}

BOOST_AUTO_TEST_CASE(segments_that_overlap_are_not_signed) {
  OpenRun();
  const uint64_t from = world.clock_ms;
  Segment(0, "a");
  drafts::SegmentTerms terms = HonestSegment(world);
  terms.from_step = 10;
  terms.to_step = 20;
  terms.from_ms = from + kDraftMs - 1;
  terms.to_ms = terms.from_ms + kDraftMs;
  CHECK_ERROR(TrySegment(drafts::Segment(terms), "b"), ErrorCode::kRejected,
              "overlapping-segments (R29): ");
}

BOOST_DATA_TEST_CASE(what_the_gate_refuses_of_a_run_is_not_signed, kRunLies, lie) {
  const uint64_t size = world.size();
  drafts::RunTerms terms;
  terms.datasets = drafts::Texts{Hex(world.dataset)};
  lie.tell(terms, world);
  const auto answer = recorder->OpenRun(drafts::Run(terms), world.Moment());
  CHECK_ERROR(answer, ErrorCode::kRejected, lie.reason);
  CHECK_ERROR(answer, ErrorCode::kRejected, lie.message);
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(!Has("run.signed.sigstore.json"));
}

BOOST_AUTO_TEST_CASE(what_the_gate_refuses_of_an_allocation_is_not_signed) {
  const uint64_t size = world.size();
  const auto attest = [&](const drafts::AllocationTerms& terms) {
    return pipeline::Attest(
        ValueOf(ReadWholeDraft(Kind::kAllocation, drafts::Allocation(terms), "a.json"), "draft"),
        *KeyNamed("cloud").signer, world.ledger(), world.Moment());
  };
  const std::string lab = KeyNamed("lab").signer->id().ToString();
  CHECK_ERROR(attest({.holders = {lab}, .devices = {Hex(world.device)}, .from_ms = 2, .to_ms = 1}),
              ErrorCode::kRejected, "time-order (R29): ");
  CHECK_ERROR(attest({.holders = {lab}, .devices = {Hex(world.dataset)}, .from_ms = 1, .to_ms = 2}),
              ErrorCode::kRejected, "wrong-kind-reference (R20): ");
  BOOST_CHECK_EQUAL(world.size(), size);
}

// It would raise the most that a customer can have computed.
BOOST_AUTO_TEST_CASE(more_time_than_the_devices_have_is_not_sold) {
  const std::string lab = KeyNamed("lab").signer->id().ToString();
  const uint64_t begin = 1'700'000'000'000;
  const uint64_t second = 1'000;
  const auto attest = [&](uint64_t device_ms) {
    return pipeline::Attest(
        ValueOf(ReadWholeDraft(Kind::kAllocation,
                               drafts::Allocation({.holders = {lab},
                                                   .devices = {Hex(world.device)},
                                                   .from_ms = begin,
                                                   .to_ms = begin + second,
                                                   .device_ms = device_ms}),
                               "a.json"),
                "draft"),
        *KeyNamed("cloud").signer, world.ledger(), world.Moment());
  };
  const uint64_t size = world.size();
  for (const uint64_t device_ms : {second + 1, 2 * second, ~uint64_t{0}}) {
    CHECK_ERROR(attest(device_ms), ErrorCode::kRejected,
                "not signed: device_ms sells " + std::to_string(device_ms) +
                    " unit milliseconds, but the devices have 1000 in the window");
  }
  BOOST_CHECK_EQUAL(world.size(), size);
  for (const uint64_t device_ms : {second - 1, second}) BOOST_CHECK(attest(device_ms).has_value());
}

BOOST_DATA_TEST_CASE(a_chip_without_a_peak_is_announced,
                     boost::unit_test::data::make({"abacus-9", "undisclosed"}), chip) {
  auto draft = ReadWholeDraft(Kind::kDevice, drafts::Device({.vendor = "NVIDIA", .chip = chip}),
                              "device.json");
  REQUIRE_VALUE(const Attested attested,
                pipeline::Attest(ValueOf(std::move(draft), "draft"), *KeyNamed("cloud").signer,
                                 world.ledger(), world.Moment()));
  BOOST_REQUIRE_EQUAL(attested.notes.size(), 1u);
  const bool said = attested.notes[0].find("is not in the catalogue") != std::string::npos ||
                    attested.notes[0].find("does not disclose its chip") != std::string::npos;
  BOOST_CHECK_MESSAGE(said, attested.notes[0]);
}

// A statement has one spelling of a chip: the catalogue's id.
BOOST_DATA_TEST_CASE(a_catalogued_chip_under_another_name_is_not_signed,
                     boost::unit_test::data::make({"NVIDIA H200", "H200-SXM", "h200 sxm"}), chip) {
  const auto attest = [&](OnFinding on_finding) {
    auto draft = ReadWholeDraft(Kind::kDevice, drafts::Device({.vendor = "NVIDIA", .chip = chip}),
                                "device.json");
    return pipeline::Attest(ValueOf(std::move(draft), "draft"), *KeyNamed("cloud").signer,
                            world.ledger(), world.Moment(), std::nullopt, on_finding);
  };
  const uint64_t size = world.size();
  CHECK_ERROR(attest(OnFinding::kRefuse), ErrorCode::kRejected,
              " is not an id of the catalogue: did you mean h200-sxm?");
  BOOST_CHECK_EQUAL(world.size(), size);
  REQUIRE_VALUE(const Attested anyway, attest(OnFinding::kNote));
  BOOST_REQUIRE_EQUAL(anyway.notes.size(), 2u);
  BOOST_CHECK(anyway.notes[0].find("did you mean h200-sxm?") != std::string::npos);
}

// `passport issue` would refuse it in the end: a closure is of one ledger.
BOOST_AUTO_TEST_CASE(a_run_of_a_parent_that_is_not_in_this_ledger_is_not_signed) {
  const uint64_t size = world.size();
  const drafts::RunTerms terms{
      .kind = "fine-tune",
      .inputs = {drafts::Edge("fine-tuned-from", std::string(64, 'a'), std::string(64, '0'))}};
  CHECK_ERROR(TryOpen(terms), ErrorCode::kRejected,
              "not signed, as no passport of this run could be issued from this ledger: "
              "inputs[].statement is sha256:" +
                  std::string(64, '0') + ", which is not in this ledger");
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_parent_whose_passport_is_at_hand_is_announced) {
  const TrainedModel base = Train(world, "base");
  const auto notes = [&](const std::string& edge) {
    Reopen();
    const Recorded run = OpenRun({.kind = "fine-tune", .inputs = {edge}});
    recorder.reset();
    std::filesystem::remove_all(folder);
    return run.notes;
  };
  BOOST_CHECK(notes(EdgeTo("fine-tuned-from", "base")).empty());
  const std::string passport = HexEncode(Issue(world, "base", base.completion).id.span());
  const std::vector<std::string> announced = {
      "inputs[0]: this ledger has a passport of that model, sha256:" + passport + ", signed by " +
      KeyNamed("lab").signer->id().ToString() +
      "; unless the input names one as its `statement`, the lineage ends there"};
  BOOST_TEST(notes(EdgeTo("fine-tuned-from", "base")) == announced,
             boost::test_tools::per_element());
  BOOST_CHECK(notes(EdgeTo("fine-tuned-from", "base", passport)).empty());
}

// What has been computed is recorded all the same.
BOOST_AUTO_TEST_CASE(what_is_not_in_this_ledger_is_announced) {
  OpenRun();
  drafts::SegmentTerms terms = HonestSegment(world);
  terms.usage[0].device = std::string(64, '0');
  REQUIRE_VALUE(const Recorded segment, TrySegment(drafts::Segment(terms), "a"));
  BOOST_REQUIRE_EQUAL(segment.notes.size(), 1u);
  BOOST_CHECK_EQUAL(segment.notes[0], "usage[].device is sha256:" + std::string(64, '0') +
                                          ", which is not in this ledger: a passport needs it");
}

BOOST_AUTO_TEST_CASE(a_segment_without_figures_is_announced) {
  OpenRun();
  drafts::SegmentTerms terms = HonestSegment(world);
  terms.flop_json = "{}";
  REQUIRE_VALUE(const Recorded segment, TrySegment(drafts::Segment(terms), "a"));
  BOOST_REQUIRE_EQUAL(segment.notes.size(), 1u);
  BOOST_CHECK(segment.notes[0].find("does not state flop.update and 1 more") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
