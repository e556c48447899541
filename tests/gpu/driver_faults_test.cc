// Each call of the driver fails in turn: the error names it, and all that was handed out is given
// back.
#include "gpu/device_digests.h"
#include "gpu/host_copies.h"
#include "tests/gpu/digest_rates.h"
#include "tests/gpu/fake_driver.h"
#include "tests/support/test.h"

namespace carnet::gpu {
namespace {

struct Fault {
  const char* call;
  int nth;
  DigestRates rates;

  friend std::ostream& operator<<(std::ostream& out, const Fault& fault) {
    return out << fault.call << " #" << fault.nth;
  }
};

const Fault kFaults[] = {
    {"cuPointerGetAttribute", 1, kDeviceIsFast},
    {"cuDeviceGet", 1, kDeviceIsFast},
    {"cuCtxGetCurrent", 1, kDeviceIsFast},
    {"cuDevicePrimaryCtxRetain", 1, kDeviceIsFast},
    {"cuCtxPushCurrent", 1, kDeviceIsFast},
    {"cuCtxPushCurrent", 2, kDeviceIsFast},
    {"cuCtxPushCurrent", 2, kHostIsFast},
    {"cuEventCreate", 1, kDeviceIsFast},
    {"cuEventRecord", 1, kDeviceIsFast},
    {"cuModuleLoadData", 1, kDeviceIsFast},
    {"cuModuleGetFunction", 1, kDeviceIsFast},
    {"cuMemAlloc", 1, kDeviceIsFast},
    {"cuMemAlloc", 2, kDeviceIsFast},
    {"cuStreamCreate", 1, kDeviceIsFast},
    {"cuStreamCreate", 2, kHostIsFast},
    {"cuStreamWaitEvent", 1, kDeviceIsFast},
    {"cuStreamWaitEvent", 2, kHostIsFast},
    {"cuMemcpyHtoDAsync", 1, kDeviceIsFast},
    {"cuLaunchKernel", 1, kDeviceIsFast},
    {"cuLaunchKernel", 2, kDeviceIsFast},
    {"cuMemcpyDtoHAsync", 1, kDeviceIsFast},
    {"cuMemcpyDtoHAsync", 1, kHostIsFast},
    {"cuMemcpyDtoHAsync", 2, kHostIsFast},
    {"cuStreamSynchronize", 1, kDeviceIsFast},
    {"cuStreamSynchronize", 2, kHostIsFast},
    {"cuMemAllocHost", 1, kHostIsFast},
    {"cuMemAllocHost", 2, kHostIsFast},
    {"cuMemAllocHost", 3, kHostIsFast},
    {"cuMemAllocHost", 1, kBothAreFast},
    {"cuLaunchKernel", 1, kBothAreFast},
};

std::vector<DeviceTensor> TwoTensors(FakeDriver& driver) {
  const size_t sizes[] = {2 * kCopyBytes, kSliceBlocks * kLaneBlockBytes};
  std::vector<DeviceTensor> tensors;
  for (const size_t size : sizes) tensors.push_back({driver.Allocate(Bytes(size)), size});
  return tensors;
}

BOOST_AUTO_TEST_SUITE(driver_faults)

BOOST_DATA_TEST_CASE(end_in_one_error_that_names_the_call, kFaults, fault) {
  FakeDriver driver;
  const auto tensors = TwoTensors(driver);
  driver.Fail(fault.call, fault.nth);
  CHECK_ERROR(DigestDeviceTensors(tensors, PlatformOf(driver, fault.rates)), ErrorCode::kIo,
              std::string("CUDA: ") + fault.call + ": CUDA_ERROR_OUT_OF_MEMORY");
  BOOST_CHECK_GE(driver.made(fault.call), fault.nth);
  BOOST_CHECK_EQUAL(driver.left(), "");
}

BOOST_AUTO_TEST_CASE(of_the_current_context_are_named) {
  FakeDriver driver;
  const auto tensors = TwoTensors(driver);
  driver.calls().context_push(driver.foreign(0));
  driver.Fail("cuCtxGetDevice");
  CHECK_ERROR(DigestDeviceTensors(tensors, PlatformOf(driver, kDeviceIsFast)), ErrorCode::kIo,
              "CUDA: cuCtxGetDevice: CUDA_ERROR_OUT_OF_MEMORY");
  BOOST_CHECK_EQUAL(driver.left(), "1 contexts pushed ");  // the one of this test
}

// Callers then copy the tensors themselves, as where there is no CUDA.
BOOST_AUTO_TEST_CASE(a_device_that_the_kernel_was_not_compiled_for_is_unsupported) {
  for (const DriverStatus status : {kDriverNoBinary, kDriverUnsupportedPtx}) {
    FakeDriver driver;
    const auto tensors = TwoTensors(driver);
    driver.Fail("cuModuleLoadData", 1, status);
    CHECK_ERROR(DigestDeviceTensors(tensors, PlatformOf(driver, kDeviceIsFast)),
                ErrorCode::kUnsupported, "CUDA: cuModuleLoadData: ");
    BOOST_CHECK_EQUAL(driver.left(), "");
  }
}

BOOST_AUTO_TEST_CASE(without_a_name_are_told_by_number) {
  FakeDriver driver;
  CHECK_ERROR(CheckDriver(driver.calls(), 999, "cuInit"), ErrorCode::kIo,
              "CUDA: cuInit: error 999");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::gpu
