// The row of R29 where lines have time stamps, by a key or by a certificate.
#include "tests/passport/attack.h"
#include "tests/support/certified.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

void TrustStampers(World& world) { world.certificates = TrustInPki(); }

std::string TimeRow(World world) {
  const auto verdict = world.Judge();
  BOOST_CHECK_MESSAGE(verdict.findings.empty(), Describe(verdict));
  for (const auto& row : verdict.rows) {
    if (row.name == "time") return row.text;
  }
  return "";
}

void CheckTimeRow(const World& world, const std::string& part) {
  const std::string row = TimeRow(world);
  BOOST_CHECK_MESSAGE(row.find(part) != row.npos, row << " lacks " << part);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vouched)

BOOST_AUTO_TEST_CASE(the_time_row_says_whose_time_stamps_there_are) {
  World world = FineTuneWorld();
  TrustStampers(world);
  BOOST_CHECK_EQUAL(TimeRow(world), "self-declared, in order");
  world.At("texts").stamped.emplace();
  const std::string of =
      " of " + std::to_string(world.story.size()) + " lines vouched for by token of ";
  CheckTimeRow(world, "in order; 1" + of);
  CheckTimeRow(world, ", the others self-declared");
  for (Statement& statement : world.story) statement.stamped.emplace();
  const std::string row = TimeRow(world);
  BOOST_CHECK_MESSAGE(row.starts_with("in order, vouched for by token of "), row);
  BOOST_CHECK(row.find("self-declared") == std::string::npos);
  World certified = FineTuneWorld();
  TrustStampers(certified);
  certified.certificates.identities.push_back(Jane());
  certified.At("texts").certified.emplace();
  CheckTimeRow(certified, "in order; 1" + of);
}

BOOST_AUTO_TEST_CASE(time_stamps_that_prove_nothing_do_not_vouch) {
  const auto row_with = [](Bytes (*stamp)(ByteSpan signature)) {
    World world = FineTuneWorld();
    TrustStampers(world);
    world.At("texts").edit_receipt = [stamp](sigstore::Bundle& bundle) {
      bundle.timestamps.push_back(stamp(bundle.envelope.signature));
    };
    return TimeRow(world);
  };
  BOOST_CHECK_EQUAL(row_with([](ByteSpan signature) {
                      Certification stranger;
                      stranger.stamp_pki = "stranger";
                      return StampFor(signature, stranger, FineTuneWorld().At("texts").created);
                    }),
                    "self-declared, in order");
  BOOST_CHECK_EQUAL(row_with([](ByteSpan) {
                      return StampFor(AsBytes("another signature"), {},
                                      FineTuneWorld().At("texts").created);
                    }),
                    "self-declared, in order");
  BOOST_CHECK_EQUAL(row_with([](ByteSpan signature) {
                      return StampFor(signature, {}, 2'000'000'000'000);  // later than now
                    }),
                    "self-declared, in order");
}

BOOST_AUTO_TEST_CASE(a_time_stamp_does_not_make_good_what_a_rule_refuses) {
  World world = FineTuneWorld();
  TrustStampers(world);
  world.At("texts").stamped.emplace();
  world.At("texts").created += 600'000;  // after what refers to it
  CheckRefused(world.Judge(), 29, RejectReason::kTimeOrder, "was created at");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
