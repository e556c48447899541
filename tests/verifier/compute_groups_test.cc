// R33 and S7: a device counts once, whatever groups it is in, on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::test {
namespace {

std::string Short(const std::string& name) { return ShortDigest(Named<StatementId>(name).span()); }

void AddGroups(ComputeFile& file) {
  file.AddChip("a", "group:a", "h100-sxm5", 2, {"nvidia:gpu:1", "nvidia:gpu:2"});
  file.AddChip("b", "group:b", "h100-sxm5", 2, {"nvidia:gpu:2", "nvidia:gpu:3"});
  file.AddChip("c", "nvidia:gpu:3", "h100-sxm5", 1);
  file.AddChip("d", "group:d", "h100-sxm5", 2, {"nvidia:gpu:4", "nvidia:gpu:5"});
}

BOOST_AUTO_TEST_SUITE(compute_groups)

BOOST_AUTO_TEST_CASE(refuses_one_device_in_two_groups_of_a_segment) {
  ComputeFile file;
  AddGroups(file);
  file.SetUsage("m.0", {{"a", 2, 1000}});
  file.SetUsage("m.1", {{"b", 2, 1000}});
  Passes(file);  // one after the other
  file.SetUsage("m.1", {{"a", 2, 1000}, {"c", 1, 1000}});
  Passes(file);
  file.SetUsage("m.1", {{"a", 2, 1000}, {"b", 2, 1000}});
  CheckOnly(file, "33 device-time",
            "uses one device twice: in device group:a (" + Short("a") + ") and in device group:b");
  file.SetUsage("m.1", {{"b", 2, 1000}, {"c", 1, 1000}});
  CheckOnly(file, "33 device-time", "uses one device twice");
}

// The lie: two groups that differ in one device run at once, and count twice.
BOOST_AUTO_TEST_CASE(refuses_groups_that_share_a_device_at_one_time) {
  struct Pair {
    ComputeFile::Use first;
    ComputeFile::Use second;
    bool refused;
  };
  const Pair pairs[] = {{{"a", 2, 1000}, {"b", 2, 1000}, true},
                        {{"a", 1, 1}, {"b", 1, 1}, true},  // however little of them is used
                        {{"b", 2, 1000}, {"c", 1, 1000}, true},
                        {{"a", 2, 1000}, {"c", 1, 1000}, false},
                        {{"a", 2, 1000}, {"d", 2, 1000}, false}};
  for (const Pair& pair : pairs) {
    ComputeFile file;
    AddGroups(file);
    file.SetUsage("m.0", {pair.first});
    file.SetUsage("m.1", {pair.second});
    Passes(file);  // one after the other
    file.Segment("m.1").getTime().getFrom().setMs(kOpened + 999);
    if (pair.refused) {
      CheckOnly(file, "33 device-time", "uses a device that segment 0 (");
    } else {
      Passes(file);
    }
  }
}

// A group keeps what it took until another takes it, and gets it back.
BOOST_AUTO_TEST_CASE(groups_may_take_turns_and_are_caught_when_they_stop) {
  ComputeFile file;
  AddGroups(file);
  for (uint64_t seq = 2; seq < 6; ++seq) {
    const std::string name = "m." + std::to_string(seq);
    file.AddSegment(name, "m.run", {.seq = seq, .previous = "m." + std::to_string(seq - 1)});
  }
  std::vector<std::string> names;
  for (uint64_t seq = 0; seq < 6; ++seq) {
    names.push_back("m." + std::to_string(seq));
    file.SetUsage(names.back(), {{seq % 2 == 0 ? "a" : "b", 2, 1000}});
    file.Segment(names.back()).getTime().getFrom().setMs(kOpened + 1000 * seq);
    file.Segment(names.back()).getTime().getTo().setMs(kOpened + 1000 * (seq + 1));
  }
  Findings turns;
  compute::CheckGroupOverlap(file.set(), turns);
  BOOST_CHECK_EQUAL(FirstReason(turns), "");
  file.Segment("m.4").getTime().getFrom().setMs(kOpened + 3999);
  Findings caught;
  compute::CheckGroupOverlap(file.set(), caught);
  BOOST_CHECK_EQUAL(caught.total(), 1u);
  BOOST_CHECK(FirstReason(caught).find("uses a device that segment 3 (") != std::string::npos);
}

// 2,000 groups of two, all with device 0, and 2,000 segments: a pair of each is not looked at.
BOOST_AUTO_TEST_CASE(many_groups_with_one_device_in_common_cost_no_square) {
  ComputeFile file;
  constexpr int kGroups = 2000;
  for (int i = 0; i < kGroups; ++i) {
    const std::string name = "g" + std::to_string(i);
    file.AddChip(name, "group:" + name, "h100-sxm5", 2, {"nvidia:gpu:0", "nvidia:gpu:" + name});
    file.AddSegment("s" + name, "m.run", {});
    file.SetUsage("s" + name, {{name, 2, 1}});
    file.Segment("s" + name).getTime().getFrom().setMs(kOpened + static_cast<uint64_t>(i));
    file.Segment("s" + name).getTime().getTo().setMs(kOpened + static_cast<uint64_t>(i) + 1);
  }
  Findings findings;
  compute::CheckGroupOverlap(file.set(), findings);
  BOOST_CHECK(findings.empty());
  file.Segment("sg1").getTime().getFrom().setMs(kOpened);
  compute::CheckGroupOverlap(file.set(), findings);
  BOOST_CHECK_EQUAL(findings.total(), 1u);
}

// A bomb: two groups with 16,384 devices in common, no two of which belong to the same groups,
// take turns: each turn looks at all of them.
BOOST_AUTO_TEST_CASE(refuses_groups_that_overlap_in_too_many_ways_to_be_judged,
                     *carnet::test::LongOnOneThread()) {
  constexpr unsigned kBits = 14;
  std::vector<std::string> all;
  std::vector<std::vector<std::string>> by_bit(kBits);
  for (unsigned i = 0; i < 1U << kBits; ++i) {
    all.push_back("nvidia:gpu:" + std::to_string(i));
    for (unsigned bit = 0; bit < kBits; ++bit) {
      if ((i >> bit & 1) != 0) by_bit[bit].push_back(all.back());
    }
  }
  ComputeFile file;
  file.AddChip("a", "group:a", "h100-sxm5", 1 << kBits, all);
  file.AddChip("b", "group:b", "h100-sxm5", 1 << kBits, all);
  for (unsigned bit = 0; bit < kBits; ++bit) {
    const std::string name = "bit" + std::to_string(bit);
    file.AddChip(name, "group:" + name, "h100-sxm5", 1 << (kBits - 1), by_bit[bit]);
  }
  const auto take_turns = [&file](uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; ++i) {
      const std::string name = "s" + std::to_string(i);
      file.AddSegment(name, "m.run", {});
      file.SetUsage(name, {{i % 2 == 0 ? "a" : "b", 1, 1}});
      file.Segment(name).getTime().getFrom().setMs(kOpened + i);
      file.Segment(name).getTime().getTo().setMs(kOpened + i + 1);
    }
    Findings findings;
    compute::CheckGroupOverlap(file.set(), findings);
    return FirstReason(findings);
  };
  BOOST_CHECK_EQUAL(take_turns(0, 6000), "");
  BOOST_CHECK(take_turns(6000, 6200).find("overlap in too many ways") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
