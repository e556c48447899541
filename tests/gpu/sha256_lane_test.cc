#include "gpu/sha256_lane.h"

#include <sys/mman.h>

#include <memory>
#include <random>

#include "tests/gpu/by_openssl.h"

namespace carnet::gpu {
namespace {

// Bytes at any alignment, with nothing readable after them where a sanitizer watches.
class Placed {
 public:
  Placed(std::mt19937& random, size_t size, size_t alignment)
      : memory_(new uint8_t[alignment + size]), bytes_(memory_.get() + alignment, size) {
    for (size_t i = 0; i < alignment + size; ++i) memory_[i] = static_cast<uint8_t>(random());
  }

  ByteSpan bytes() const { return bytes_; }
  LaneJob job() const { return {reinterpret_cast<uint64_t>(bytes_.data()), bytes_.size()}; }

 private:
  std::unique_ptr<uint8_t[]> memory_;
  ByteSpan bytes_;
};

Sha256Digest DigestOfState(const LaneState& state) {
  std::array<uint8_t, 32> bytes;
  for (size_t i = 0; i < 8; ++i) {
    const uint32_t swapped = __builtin_bswap32(state.h[i]);
    std::memcpy(&bytes[4 * i], &swapped, 4);
  }
  return Sha256Digest(bytes);
}

Sha256Digest ByLane(const LaneJob& job, const std::function<uint64_t()>& slice) {
  LaneState state = FirstLaneState();
  for (uint64_t first = 0; first < LaneBlocks(job.bytes);) {
    const uint64_t count = slice();
    AdvanceLane(state, job, first, count);
    first += count;
  }
  return DigestOfState(state);
}

uint64_t AllBlocks() { return ~uint64_t{0}; }

BOOST_AUTO_TEST_SUITE(sha256_lane)

BOOST_AUTO_TEST_CASE(agrees_with_openssl_at_every_length_to_1024_and_every_alignment) {
  std::mt19937 random(1);
  for (size_t size = 0; size <= 1024; ++size) {
    for (size_t alignment = 0; alignment < 16; ++alignment) {
      const Placed placed(random, size, alignment);
      BOOST_REQUIRE_MESSAGE(ByLane(placed.job(), AllBlocks) == ByOpenSsl(placed.bytes()),
                            size << " bytes at " << alignment);
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_openssl_however_it_is_sliced) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const Placed placed(random, random() % 20000, random() % 16);
    const auto slice = [&] { return uint64_t{1} + random() % 20; };
    BOOST_REQUIRE(ByLane(placed.job(), slice) == ByOpenSsl(placed.bytes()));
  }
}

BOOST_AUTO_TEST_CASE(stays_as_it_is_once_the_message_has_ended) {
  std::mt19937 random(3);
  const Placed placed(random, 200, 0);
  LaneState state = FirstLaneState();
  AdvanceLane(state, placed.job(), 0, AllBlocks());
  AdvanceLane(state, placed.job(), LaneBlocks(200), 7);
  AdvanceLane(state, placed.job(), LaneBlocks(200) + 100, AllBlocks());
  BOOST_CHECK(DigestOfState(state) == ByOpenSsl(placed.bytes()));
}

// The length in the padding passes 2^32 bits.
BOOST_AUTO_TEST_CASE(counts_lengths_beyond_half_a_gibibyte, *carnet::test::LongOnOneThread()) {
  const size_t size = (size_t{1} << 29) + 3;
  void* const zeros = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  BOOST_REQUIRE(zeros != MAP_FAILED);
  const ByteSpan bytes(static_cast<const uint8_t*>(zeros), size);
  BOOST_CHECK(ByLane({reinterpret_cast<uint64_t>(zeros), size}, AllBlocks) == ByOpenSsl(bytes));
  ::munmap(zeros, size);
}

// FIPS 180-4 section 5.1.1: 447 bits are the most that fit one block, and nothing overflows.
BOOST_AUTO_TEST_CASE(counts_the_blocks_of_the_padding) {
  BOOST_CHECK_EQUAL(LaneBlocks(0), 1U);
  BOOST_CHECK_EQUAL(LaneBlocks(55), 1U);
  BOOST_CHECK_EQUAL(LaneBlocks(56), 2U);
  BOOST_CHECK_EQUAL(LaneBlocks(63), 2U);
  BOOST_CHECK_EQUAL(LaneBlocks(64), 2U);
  BOOST_CHECK_EQUAL(LaneBlocks(119), 2U);
  BOOST_CHECK_EQUAL(LaneBlocks(120), 3U);
  BOOST_CHECK_EQUAL(LaneBlocks(~uint64_t{0}), (uint64_t{1} << 58) + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::gpu
