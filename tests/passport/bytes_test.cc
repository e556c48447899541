// Passports as bytes: order, damage, threads, size.
#include <algorithm>
#include <random>

#include "tests/passport/attack.h"
#include "tests/support/allocations.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

using verifier::Decision;
using verifier::Verdict;

// Everything that a verdict says, so that two may be compared.
std::string Transcript(const Verdict& verdict) {
  std::string text = Describe(verdict);
  for (const auto& row : verdict.rows) {
    text += "\n" + row.name + " " + std::string(RowStatusName(row.status)) + " " + row.text;
  }
  for (const std::string& item : verdict.not_checked) text += "\n" + item;
  return text + "\n" + std::to_string(verdict.findings_total);
}

// A model of two parents, each tuned from the model before: `depth` times, one on top of another.
World Diamonds(size_t depth) {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  AddModel(world, "m0", {}, 1);
  for (size_t i = 0; i < depth; ++i) {
    const std::string below = "m" + std::to_string(i);
    const std::string above = "m" + std::to_string(i + 1);
    for (const std::string& side : {above + ".left", above + ".right"}) {
      AddModel(world, side, {.kind = "fine-tune", .edges = {Edge("fine-tuned-from", below, below)}},
               1);
    }
    AddModel(world, above,
             {.kind = "merge",
              .edges = {Edge("merged-from", above + ".left", above + ".left"),
                        Edge("merged-from", above + ".right", above + ".right")}},
             0);
  }
  world.given = world.model("m" + std::to_string(depth));
  return world;
}

// The work of judging, by one thread, in allocations.
uint64_t WorkToJudge(const World& world, const std::string& passport) {
  return AllocationsIn([&] { BOOST_CHECK(world.Judge(passport, 1).decision == Decision::kPass); });
}

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(lines_in_any_order_pass) {
  World world = FineTuneWorld();
  std::vector<std::string> lines = LinesOf(world.Issue());
  std::mt19937 random(20261120);
  for (int round = 0; round < 25; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    CheckPasses(world.Judge(Joined(lines)));
  }
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_never_passes) {
  World world = BaseWorld();
  const std::string passport = world.Issue();
  CheckPasses(world.Judge(passport));
  std::mt19937 random(20261120);
  for (int round = 0; round < 2'500; ++round) {
    std::string damaged = passport;
    const size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    const Verdict verdict = world.Judge(damaged);
    BOOST_CHECK_MESSAGE(verdict.decision == Decision::kFail, "byte " << at);
    BOOST_CHECK(!verdict.findings.empty());
  }
}

BOOST_AUTO_TEST_CASE(every_prefix_of_a_passport_is_refused) {
  World world = BaseWorld();
  const std::string passport = world.Issue();
  for (size_t size = 0; size < passport.size(); size += 97) {
    BOOST_CHECK(world.Judge(passport.substr(0, size)).decision == Decision::kFail);
  }
}

BOOST_AUTO_TEST_CASE(threads_change_nothing) {
  World world = Diamonds(4);
  std::vector<std::string> lines = LinesOf(world.Issue());
  BOOST_REQUIRE_EQUAL(lines.size(), 51u);
  for (const bool damaged : {false, true}) {
    const std::string passport = Joined(lines);
    const std::string one = Transcript(world.Judge(passport, 1));
    BOOST_CHECK_EQUAL(one.starts_with("none"), !damaged);
    BOOST_CHECK_EQUAL(one, Transcript(world.Judge(passport, 2)));
    BOOST_CHECK_EQUAL(one, Transcript(world.Judge(passport, 8)));
    for (size_t i = 0; i < lines.size(); i += 3) {
      const size_t at = lines[i].find("\"sig\":\"") + 20;
      lines[i][at] = lines[i][at] == 'A' ? 'B' : 'A';
    }
  }
}

// Every path through them would be 2^64. What is below two models is summed once for both: twice
// the diamonds are twice the work.
BOOST_AUTO_TEST_CASE(diamonds_are_not_walked_path_by_path) {
  uint64_t before = 0;
  for (const size_t depth : {4u, 8u, 16u, 32u, 64u}) {
    World world = Diamonds(depth);
    const uint64_t work = WorkToJudge(world, world.Issue());
    BOOST_TEST_MESSAGE(work << " allocations for " << depth << " diamonds");
    BOOST_REQUIRE_GT(work, depth * 11);  // it counts: each statement takes some
    if (before != 0) BOOST_REQUIRE_LT(work, before * 11 / 5);
    before = work;
  }
}

BOOST_AUTO_TEST_CASE(diamonds_are_counted_once) {
  World world = Diamonds(64);
  const std::string passport = world.Issue();
  BOOST_CHECK_EQUAL(LinesOf(passport).size(), 64u * 11 + 7);
  const auto verdict = world.Judge(passport);
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.attestations, 64u * 11 + 7);
  // 129 segments of 6 * 10^12
  BOOST_CHECK_EQUAL(verdict.cumulative->amount.ToString(), "774000000000000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
