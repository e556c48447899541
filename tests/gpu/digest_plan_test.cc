#include "gpu/digest_plan.h"

#include <algorithm>

#include "tests/support/test.h"

namespace carnet::gpu {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
const DigestRates kRates = EstimatedRates(16);

// At addresses that do not meet.
std::vector<LaneJob> Tensors(const std::vector<uint64_t>& sizes) {
  std::vector<LaneJob> tensors;
  uint64_t address = 0x7f0000000000;
  for (const uint64_t size : sizes) {
    tensors.push_back({address, size});
    address += size + 512;
  }
  return tensors;
}

// LLaMA 7B in bf16: shapes of its paper, 32 layers.
std::vector<uint64_t> Dense7B() {
  std::vector<uint64_t> sizes = {2 * 32000 * 4096, 2 * 32000 * 4096, 2 * 4096};
  for (int layer = 0; layer < 32; ++layer) {
    for (int i = 0; i < 4; ++i) sizes.push_back(2 * 4096 * 4096);
    for (int i = 0; i < 3; ++i) sizes.push_back(2 * 4096 * 11008);
    for (int i = 0; i < 2; ++i) sizes.push_back(2 * 4096);
  }
  return sizes;
}

BOOST_AUTO_TEST_SUITE(digest_plan)

BOOST_AUTO_TEST_CASE(has_the_longest_first_and_says_which_tensor_is_which) {
  const auto tensors = Tensors({5, 7, 6});
  const DigestPlan plan = PlanDigests(tensors, kRates);
  BOOST_CHECK((plan.jobs == std::vector<LaneJob>{tensors[1], tensors[2], tensors[0]}));
  BOOST_CHECK((plan.job_of == std::vector<size_t>{2, 0, 1}));
}

BOOST_AUTO_TEST_CASE(digests_tied_weights_once) {
  const auto one = Tensors({64, 32});
  const DigestPlan plan = PlanDigests(std::vector<LaneJob>{one[0], one[1], one[0]}, kRates);
  BOOST_CHECK((plan.jobs == std::vector<LaneJob>{one[0], one[1]}));
  BOOST_CHECK((plan.job_of == std::vector<size_t>{0, 1, 0}));
}

BOOST_AUTO_TEST_CASE(keeps_parts_of_one_stretch_apart) {
  const DigestPlan plan =
      PlanDigests(std::vector<LaneJob>{{4096, 64}, {4096, 32}, {4128, 32}}, kRates);
  BOOST_CHECK_EQUAL(plan.jobs.size(), 3U);
  BOOST_CHECK((plan.job_of == std::vector<size_t>{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(of_nothing_is_nothing) {
  const DigestPlan plan = PlanDigests({}, kRates);
  BOOST_CHECK(plan.jobs.empty() && plan.job_of.empty());
  BOOST_CHECK_EQUAL(plan.through_host, 0U);
  BOOST_CHECK(PlanLaunches({}).empty());
}

BOOST_AUTO_TEST_CASE(sends_a_long_tensor_alone_through_the_host) {
  const DigestPlan plan = PlanDigests(Tensors({1024 * kMiB}), kRates);
  BOOST_CHECK_EQUAL(plan.through_host, 1U);
  BOOST_CHECK_LT(plan.expected_seconds, 1.0);
}

BOOST_AUTO_TEST_CASE(leaves_most_of_many_equal_tensors_on_the_device) {
  const DigestPlan plan = PlanDigests(Tensors(std::vector<uint64_t>(20000, 4 * kMiB)), kRates);
  BOOST_CHECK_LT(plan.through_host, 2000U);
  BOOST_CHECK_LT(plan.expected_seconds, 20000 * 4.0 * kMiB / 400e9);
}

// A few embeddings over many experts would take the device half a minute.
BOOST_AUTO_TEST_CASE(takes_huge_embeddings_out_of_the_way_of_experts) {
  std::vector<uint64_t> sizes(20000, 4 * kMiB);
  sizes.insert(sizes.end(), 2, 1024 * kMiB);
  const DigestPlan plan = PlanDigests(Tensors(sizes), kRates);
  BOOST_CHECK_GE(plan.through_host, 2U);
  BOOST_CHECK_LT(plan.through_host, 4000U);
  BOOST_CHECK_LT(plan.expected_seconds, 0.7);
}

BOOST_AUTO_TEST_CASE(a_dense_model_takes_about_as_long_as_the_host_needs) {
  const DigestPlan plan = PlanDigests(Tensors(Dense7B()), kRates);
  BOOST_CHECK_LT(plan.expected_seconds, 13.5e9 / (16 * 1.8e9) + 0.1);
  BOOST_CHECK_GT(plan.through_host, 200U);
}

BOOST_AUTO_TEST_CASE(no_other_number_through_the_host_is_expected_to_be_faster) {
  auto sizes = Dense7B();
  sizes.insert(sizes.end(), 3000, 3 * kMiB);
  const DigestPlan plan = PlanDigests(Tensors(sizes), kRates);
  std::sort(sizes.rbegin(), sizes.rend());
  for (size_t count = 0; count <= sizes.size(); ++count) {
    double host = 0, device = 0;
    for (size_t i = 0; i < sizes.size(); ++i) {
      (i < count ? host : device) += static_cast<double>(sizes[i]);
    }
    const double first = count == 0 ? 0 : static_cast<double>(sizes[0]);
    const double next = count == sizes.size() ? 0 : static_cast<double>(sizes[count]);
    const double seconds =
        std::max({host / (16 * 1.8e9), first / 1.8e9, device / 500e9, next / 32e6});
    BOOST_CHECK_GE(seconds, plan.expected_seconds - 1e-9);
    if (count == plan.through_host) BOOST_CHECK_CLOSE(seconds, plan.expected_seconds, 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(launches_cover_each_block_once_and_none_after_the_end) {
  const uint64_t slice = kSliceBlocks * kLaneBlockBytes;
  auto jobs = Tensors({3 * slice + 1, 3 * slice, 2 * slice - 9, 2 * slice - 10, slice, 70, 0});
  const auto launches = PlanLaunches(jobs);
  BOOST_CHECK(
      (launches == std::vector<Launch>{
                       {7, 0}, {5, kSliceBlocks}, {2, 2 * kSliceBlocks}, {2, 3 * kSliceBlocks}}));
}

BOOST_AUTO_TEST_CASE(a_message_whose_padding_begins_a_slice_has_a_lane_in_it) {
  const uint64_t slice = kSliceBlocks * kLaneBlockBytes;
  BOOST_CHECK_EQUAL(PlanLaunches(Tensors({slice - 9})).size(), 1U);
  BOOST_CHECK_EQUAL(PlanLaunches(Tensors({slice - 8})).size(), 2U);
}

BOOST_AUTO_TEST_CASE(a_launch_has_a_group_for_its_last_lanes) {
  BOOST_CHECK_EQUAL((Launch{1, 0}.groups()), 1U);
  BOOST_CHECK_EQUAL((Launch{32, 0}.groups()), 1U);
  BOOST_CHECK_EQUAL((Launch{33, 0}.groups()), 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::gpu
