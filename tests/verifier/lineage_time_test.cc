// R29 on lines made by hand.
#include "tests/support/test.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::BuilderOf;
using test::kOpened;
using test::LineageFile;

constexpr TimestampMs kNow(kOpened + 2'000'000);

wire::Run::Builder RunOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Run>(world.At(name).predicate);
}
wire::Segment::Builder SegmentOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Segment>(world.At(name).predicate);
}

struct Change {
  const char* name;
  void (*make)(LineageFile&);
  const char* reason;  // "<rule> <reason>"
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.name; }

const Change kTimeChanges[] = {
    {"created_in_the_future",
     [](LineageFile& w) {
       BuilderOf<wire::Passport>(w.At("chat").predicate)
           .getHead()
           .initCreated()
           .setMs(kNow.value() + 300'001);
     },
     "29 future-time", "it is now"},
    {"reference_to_a_later_statement",
     [](LineageFile& w) {
       BuilderOf<wire::Dataset>(w.At("raw").predicate)
           .getHead()
           .initCreated()
           .setMs(kOpened + 300'001);
     },
     "29 time-order", "refers in derived_from[] to dataset"},
    {"segment_without_length",
     [](LineageFile& w) { SegmentOf(w, "b0").getTime().initTo().setMs(kOpened); }, "29 time-order",
     "but ends at"},
    {"segment_that_ends_after_its_statement",
     [](LineageFile& w) { SegmentOf(w, "b0").getTime().initTo().setMs(kOpened + 301'001); },
     "29 time-order", "after it was created"},
    {"segment_before_its_run",
     [](LineageFile& w) { SegmentOf(w, "b0").getTime().initFrom().setMs(kOpened - 300'001); },
     "29 time-order", "before its run"},
    {"allocation_without_length",
     [](LineageFile& w) { w.AddAllocation("hours", kOpened, kOpened); }, "29 time-order",
     "has a window that starts at"},
    {"segments_that_overlap",
     [](LineageFile& w) { SegmentOf(w, "c1").getTime().initFrom().setMs(kOpened + 999); },
     "29 overlapping-segments", "before its previous segment 0"},
};

BOOST_AUTO_TEST_SUITE(lineage_time)

BOOST_AUTO_TEST_CASE(passes_honest_times) {
  LineageFile world = test::HonestLineage();
  Findings findings;
  BOOST_CHECK(VerifyTime(world.set(), kNow, findings).status == RowStatus::kPass);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
}

BOOST_DATA_TEST_CASE(refuses_times, kTimeChanges, change) {
  LineageFile world = test::HonestLineage();
  change.make(world);
  Findings findings;
  const TimeOutcome outcome = VerifyTime(world.set(), kNow, findings);
  const std::string reason = test::FirstReason(findings);
  BOOST_CHECK_MESSAGE(reason.starts_with(std::string(change.reason) + ": "), reason);
  BOOST_CHECK_MESSAGE(reason.find(change.message) != std::string::npos, reason);
  BOOST_CHECK_EQUAL(findings.total(), 1);
  BOOST_CHECK(outcome.status == RowStatus::kFail);
}

BOOST_AUTO_TEST_CASE(allows_five_minutes_between_clocks) {
  LineageFile world = test::HonestLineage();
  BuilderOf<wire::Dataset>(world.At("raw").predicate)
      .getHead()
      .initCreated()
      .setMs(kOpened + 300'000);
  Findings findings;
  VerifyTime(world.set(), TimestampMs(kOpened + 700'000), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
}

BOOST_AUTO_TEST_CASE(allows_segments_before_a_retrospective_run) {
  LineageFile world = test::HonestLineage();
  RunOf(world, "chat.run").initRetrospective().setValue(true);
  SegmentOf(world, "c0").getTime().initFrom().setMs(kOpened - 1);
  Findings findings;
  BOOST_CHECK(VerifyTime(world.set(), kNow, findings).status == RowStatus::kPass);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::lineage
