#include "gpu/device_memory.h"

#include "tests/gpu/fake_driver.h"
#include "tests/support/test.h"

namespace carnet::gpu {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

BOOST_AUTO_TEST_SUITE(device_memory)

BOOST_AUTO_TEST_CASE(is_found_on_its_device_with_its_context) {
  FakeDriver driver;
  const uint64_t address = driver.Allocate(Bytes(100), 1, driver.foreign(1));
  REQUIRE_VALUE(const DeviceHome whole, FindDeviceHome(driver.calls(), address, 100));
  BOOST_CHECK((whole == DeviceHome{1, driver.foreign(1)}));
  REQUIRE_VALUE(const DeviceHome part, FindDeviceHome(driver.calls(), address + 99, 1));
  BOOST_CHECK(part == whole);
}

BOOST_AUTO_TEST_CASE(rejects_a_stretch_that_leaves_its_allocation) {
  FakeDriver driver;
  const uint64_t address = driver.Allocate(Bytes(100));
  for (const auto& [at, bytes] :
       std::vector<std::pair<uint64_t, uint64_t>>{{address, 101},
                                                  {address + 1, 100},
                                                  {address + 50, ~uint64_t{0}},
                                                  {address, ~uint64_t{0} - address + 2}}) {
    CHECK_ERROR(FindDeviceHome(driver.calls(), at, bytes), ErrorCode::kRejected,
                "are not in one allocation");
  }
}

BOOST_AUTO_TEST_CASE(rejects_an_address_that_no_device_has) {
  FakeDriver driver;
  const uint64_t address = driver.Allocate(Bytes(100));
  for (const uint64_t wrong : {uint64_t{0}, uint64_t{64}, address + 100, ~uint64_t{0}}) {
    CHECK_ERROR(FindDeviceHome(driver.calls(), wrong, 1), ErrorCode::kRejected,
                "is in no memory of a device");
  }
}

BOOST_AUTO_TEST_CASE(rejects_memory_of_the_host) {
  FakeDriver driver;
  CHECK_ERROR(FindDeviceHome(driver.calls(), driver.Allocate(Bytes(100), -1), 100),
              ErrorCode::kRejected, "is in no memory of a device");
}

BOOST_AUTO_TEST_CASE(rejects_what_is_reserved_but_not_mapped) {
  FakeDriver driver;
  const uint64_t address = driver.AllocateWithHole(16 * kMiB, 6 * kMiB, 16 * kMiB);
  BOOST_CHECK(FindDeviceHome(driver.calls(), address, 6 * kMiB));
  CHECK_ERROR(FindDeviceHome(driver.calls(), address, 6 * kMiB + 1), ErrorCode::kRejected,
              "is not mapped");
  CHECK_ERROR(FindDeviceHome(driver.calls(), address + 1, 10 * kMiB), ErrorCode::kRejected,
              "is not mapped");
}

BOOST_AUTO_TEST_CASE(rejects_a_hole_of_the_smallest_piece_between_mapped_ends) {
  FakeDriver driver;
  const uint64_t address = driver.AllocateWithHole(16 * kMiB, 8 * kMiB, 10 * kMiB);
  for (const size_t from : {size_t{0}, size_t{1}, kMiB, 2 * kMiB - 1, 2 * kMiB}) {
    CHECK_ERROR(FindDeviceHome(driver.calls(), address + from, 14 * kMiB - from),
                ErrorCode::kRejected, "is not mapped");
  }
  BOOST_CHECK(FindDeviceHome(driver.calls(), address + 10 * kMiB, 6 * kMiB));
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_driver_is_no_rejection) {
  for (int nth = 1; nth <= 5; ++nth) {
    FakeDriver driver;
    const uint64_t address = driver.Allocate(Bytes(100));
    driver.Fail("cuPointerGetAttribute", nth);
    CHECK_ERROR(FindDeviceHome(driver.calls(), address, 1), ErrorCode::kIo,
                "CUDA: cuPointerGetAttribute: CUDA_ERROR_OUT_OF_MEMORY");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::gpu
