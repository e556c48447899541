#include "gpu/device_digests.h"

#include <cstring>
#include <random>

#include "gpu/device_code.h"
#include "gpu/host_copies.h"
#include "tests/gpu/by_openssl.h"
#include "tests/gpu/digest_rates.h"
#include "tests/gpu/fake_driver.h"

namespace carnet::gpu {
namespace {

constexpr size_t kSliceBytes = kSliceBlocks * kLaneBlockBytes;

Bytes Content(size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// Tensors in a driver's memory, beside what they contain.
class Weights {
 public:
  explicit Weights(FakeDriver& driver) : driver_(driver) {}

  void Add(size_t size, int ordinal = 0, DriverContext* context = nullptr) {
    contents_.push_back(Content(size, static_cast<unsigned>(contents_.size())));
    tensors_.push_back({driver_.Allocate(contents_.back(), ordinal, context), size});
  }
  // The same memory once more.
  void Tie(size_t index) {
    contents_.push_back(contents_[index]);
    tensors_.push_back(tensors_[index]);
  }

  void CheckDigests(const DigestRates& rates, const std::vector<DigestWay>& ways) const {
    REQUIRE_VALUE(const auto digests, DigestDeviceTensors(tensors_, PlatformOf(driver_, rates)));
    BOOST_REQUIRE_EQUAL(digests.size(), tensors_.size());
    for (size_t i = 0; i < digests.size(); ++i) {
      BOOST_CHECK_MESSAGE(digests[i].sha256 == ByOpenSsl(contents_[i]), "digest of tensor " << i);
      BOOST_CHECK_MESSAGE(digests[i].way == ways[i], "way of tensor " << i);
    }
    BOOST_CHECK_EQUAL(driver_.left(), "");
  }

  std::vector<DeviceTensor>& tensors() { return tensors_; }

 private:
  FakeDriver& driver_;
  std::vector<Bytes> contents_;
  std::vector<DeviceTensor> tensors_;
};

constexpr auto kLane = DigestWay::kOnDevice;
constexpr auto kHost = DigestWay::kThroughHost;

BOOST_AUTO_TEST_SUITE(device_digests)

BOOST_AUTO_TEST_CASE(are_those_of_openssl_in_place) {
  FakeDriver driver;
  Weights weights(driver);
  for (const size_t size : {1U, 55U, 56U, 64U, 1000U, 7U, 4096U}) weights.Add(size);
  weights.CheckDigests(kDeviceIsFast, std::vector<DigestWay>(7, kLane));
  BOOST_CHECK_EQUAL(driver.copied_from_tensors, 0U);
  BOOST_CHECK((driver.launched == std::vector<unsigned>{7}));
}

BOOST_AUTO_TEST_CASE(of_long_tensors_are_made_in_slices_that_the_short_ones_leave) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(10);
  weights.Add(2 * kSliceBytes + 5);
  weights.Add(kSliceBytes);
  weights.CheckDigests(kDeviceIsFast, {kLane, kLane, kLane});
  BOOST_CHECK((driver.launched == std::vector<unsigned>{3, 2, 1}));
}

BOOST_AUTO_TEST_CASE(are_the_same_through_the_host) {
  FakeDriver driver;
  Weights weights(driver);
  for (const size_t size :
       {size_t{1}, kCopyBytes - 1, kCopyBytes, kCopyBytes + 1, 3 * kCopyBytes + 17, size_t{500}}) {
    weights.Add(size);
  }
  weights.CheckDigests(kHostIsFast, std::vector<DigestWay>(6, kHost));
  BOOST_CHECK(driver.launched.empty());
  BOOST_CHECK_EQUAL(driver.made("cuModuleLoadData"), 0);
  BOOST_CHECK_EQUAL(driver.copied_from_tensors, 6 * kCopyBytes + 518);
}

BOOST_AUTO_TEST_CASE(come_by_both_ways_at_once) {
  FakeDriver driver;
  Weights weights(driver);
  for (int i = 0; i < 40; ++i) weights.Add(2000);
  weights.Add(kCopyBytes);
  std::vector<DigestWay> ways(40, kLane);
  ways.push_back(kHost);
  weights.CheckDigests(kBothAreFast, ways);
  BOOST_CHECK_EQUAL(driver.copied_from_tensors, kCopyBytes);
}

BOOST_AUTO_TEST_CASE(of_tied_weights_are_made_once) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(100);
  weights.Add(200);
  weights.Tie(0);
  weights.CheckDigests(kDeviceIsFast, {kLane, kLane, kLane});
  BOOST_CHECK((driver.launched == std::vector<unsigned>{2}));
}

BOOST_AUTO_TEST_CASE(of_nothing_and_of_no_bytes_ask_nothing_of_the_driver) {
  FakeDriver driver;
  Weights weights(driver);
  weights.CheckDigests(kDeviceIsFast, {});
  REQUIRE_VALUE(const auto digests, DigestDeviceTensors(std::vector<DeviceTensor>{{0, 0}},
                                                        PlatformOf(driver, kDeviceIsFast)));
  BOOST_CHECK(digests[0].sha256 == ByOpenSsl({}));
  BOOST_CHECK_EQUAL(driver.made("cuPointerGetAttribute") + driver.made("cuCtxPushCurrent"), 0);
}

// The bytes are written by work that waits in the caller's stream.
void CheckWaits(const DigestRates& rates) {
  FakeDriver driver;
  const Bytes content = Content(5000, 1);
  const uint64_t address = driver.Allocate(Bytes(5000));
  const uint64_t stream = driver.StreamWith(
      [&] { std::memcpy(reinterpret_cast<void*>(address), content.data(), 5000); });
  REQUIRE_VALUE(const auto digests,
                DigestDeviceTensors(std::vector<DeviceTensor>{{address, 5000, stream}},
                                    PlatformOf(driver, rates)));
  BOOST_CHECK(digests[0].sha256 == ByOpenSsl(content));
}

BOOST_AUTO_TEST_CASE(wait_for_the_work_of_the_callers_stream) {
  CheckWaits(kDeviceIsFast);
  CheckWaits(kHostIsFast);
}

BOOST_AUTO_TEST_CASE(wait_once_for_each_stream) {
  FakeDriver driver;
  Weights weights(driver);
  for (int i = 0; i < 6; ++i) weights.Add(10);
  const uint64_t one = driver.StreamWith([] {}), other = driver.StreamWith([] {});
  for (size_t i = 0; i < 6; ++i) weights.tensors()[i].stream = i < 4 ? one : other;
  weights.CheckDigests(kDeviceIsFast, std::vector<DigestWay>(6, kLane));
  BOOST_CHECK_EQUAL(driver.made("cuEventRecord"), 2);
}

BOOST_AUTO_TEST_CASE(of_several_devices_are_made_each_in_its_own_context) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(10, 1);
  weights.Add(20, 0);
  weights.Add(30, 1);
  weights.CheckDigests(kDeviceIsFast, {kLane, kLane, kLane});
  BOOST_CHECK((driver.launched == std::vector<unsigned>{1, 2}));
  BOOST_CHECK((driver.launch_contexts ==
               std::vector<DriverContext*>{driver.primary(0), driver.primary(1)}));
  BOOST_CHECK_EQUAL(driver.made("cuDevicePrimaryCtxRelease"), 2);
}

BOOST_AUTO_TEST_CASE(use_the_context_that_the_memory_belongs_to) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(10, 1, driver.foreign(1));
  weights.CheckDigests(kDeviceIsFast, {kLane});
  BOOST_CHECK((driver.launch_contexts == std::vector<DriverContext*>{driver.foreign(1)}));
  BOOST_CHECK_EQUAL(driver.made("cuDevicePrimaryCtxRetain"), 0);
}

BOOST_AUTO_TEST_CASE(use_the_current_context_only_where_it_is_of_the_device) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(10, 0);
  weights.Add(10, 1);
  driver.calls().context_push(driver.foreign(1));
  REQUIRE_VALUE(const auto digests,
                DigestDeviceTensors(weights.tensors(), PlatformOf(driver, kDeviceIsFast)));
  BOOST_CHECK_EQUAL(digests.size(), 2U);
  BOOST_CHECK((driver.launch_contexts ==
               std::vector<DriverContext*>{driver.primary(0), driver.foreign(1)}));
  DriverContext* still = nullptr;
  driver.calls().context_pop(&still);
  BOOST_CHECK(still == driver.foreign(1));
  BOOST_CHECK_EQUAL(driver.left(), "");
}

BOOST_AUTO_TEST_CASE(of_a_wrong_size_are_rejected_before_anything_is_done) {
  FakeDriver driver;
  Weights weights(driver);
  weights.Add(100);
  weights.Add(100);
  weights.tensors()[1].bytes = 101;
  CHECK_ERROR(DigestDeviceTensors(weights.tensors(), PlatformOf(driver, kDeviceIsFast)),
              ErrorCode::kRejected, "tensor 1: 101 bytes at");
  BOOST_CHECK(driver.launched.empty());
  BOOST_CHECK_EQUAL(driver.made("cuMemAlloc") + driver.made("cuCtxPushCurrent"), 0);
}

BOOST_AUTO_TEST_CASE(are_limited_in_number) {
  FakeDriver driver;
  const std::vector<DeviceTensor> many((size_t{1} << 22) + 1, DeviceTensor{0, 0});
  CHECK_ERROR(DigestDeviceTensors(many, PlatformOf(driver, kDeviceIsFast)), ErrorCode::kMalformed,
              "too many tensors");
}

BOOST_AUTO_TEST_CASE(are_unsupported_without_the_kernel_or_a_driver) {
  const auto platform = LoadedPlatform(1);
  if (platform) {
    BOOST_CHECK(!platform->image.empty());
    return;
  }
  CHECK_ERROR(platform, ErrorCode::kUnsupported,
              DeviceCode().empty() ? "built without it" : "CUDA: ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::gpu
