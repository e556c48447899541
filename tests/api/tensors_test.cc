#include <carnet/tensors.h>

#include <string_view>

#include "tests/support/test.h"

namespace carnet {
namespace {

constexpr std::string_view kZeros("\0\0\0\0\0\0\0\0", 8);
// head -c 8 /dev/zero | sha256sum
const std::string kOfZeros = "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc";
// sha256sum </dev/null
const std::string kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

BOOST_AUTO_TEST_SUITE(tensors)

BOOST_AUTO_TEST_CASE(on_the_host_are_digested_there_in_the_order_given) {
  const auto zeros = reinterpret_cast<uint64_t>(kZeros.data());
  REQUIRE_VALUE(const auto digests, DigestTensors({{0, 0}, {zeros, 8}, {zeros, 8}}));
  BOOST_REQUIRE_EQUAL(digests.size(), 3U);
  BOOST_CHECK_EQUAL(digests[0].sha256, kOfNothing);
  BOOST_CHECK_EQUAL(digests[1].sha256, kOfZeros);
  BOOST_CHECK_EQUAL(digests[2].sha256, kOfZeros);
  for (const TensorDigest& digest : digests) BOOST_CHECK(digest.way == TensorWay::kOnHost);
}

// With CUDA the address is in no memory of a device.
BOOST_AUTO_TEST_CASE(on_a_device_that_is_not_there_are_never_believed) {
  const auto zeros = reinterpret_cast<uint64_t>(kZeros.data());
  const auto digests = DigestTensors({{zeros, 8, TensorPlace::kCudaDevice}});
  BOOST_REQUIRE(!digests);
  BOOST_CHECK(digests.error().code == ErrorCode::kUnsupported ||
              digests.error().code == ErrorCode::kRejected);
}

// printf '\0<leaf>' | sha256sum, with the leaf of docs/formats.md, S6.
BOOST_AUTO_TEST_CASE(have_the_root_of_their_leaves_whatever_the_order) {
  const NamedTensor a{"a", "F32", {2}, kOfZeros}, b{"b", "BF16", {}, kOfNothing};
  REQUIRE_VALUE(const std::string root, TensorRootOf({a}));
  BOOST_CHECK_EQUAL(root, "069e5d48b67ff9d8cbb0f64ff1e2e6c62e4de0918386c31b39f0455160a14ec7");
  BOOST_CHECK_EQUAL(TensorRootOf({a, b}).value(), TensorRootOf({b, a}).value());
  BOOST_CHECK_NE(TensorRootOf({a, b}).value(), root);
}

BOOST_AUTO_TEST_CASE(that_no_file_could_have_are_malformed) {
  const NamedTensor good{"a", "F32", {2}, kOfZeros};
  NamedTensor tensor = good;
  tensor.dtype = "F32  [2]";
  CHECK_ERROR(TensorRootOf({tensor}), ErrorCode::kMalformed, "dtype is none of safetensors");
  tensor = good;
  tensor.sha256[0] = 'A';
  CHECK_ERROR(TensorRootOf({tensor}), ErrorCode::kMalformed, "sha256 is no digest");
  tensor = good;
  tensor.shape = {uint64_t{1} << 33, uint64_t{1} << 33};
  CHECK_ERROR(TensorRootOf({tensor}), ErrorCode::kMalformed, "product overflows");
  CHECK_ERROR(TensorRootOf({good, good}), ErrorCode::kMalformed, "appears more than once");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
