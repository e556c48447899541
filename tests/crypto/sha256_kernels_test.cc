// Every kernel that this machine can run, by itself and under UpdateMany, against OpenSSL.
#include <openssl/evp.h>

#include <algorithm>
#include <random>

#include "crypto/sha256_choice.h"
#include "crypto/sha256_many.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

Sha256Digest ByOpenSsl(ByteSpan bytes) {
  std::array<uint8_t, 32> digest;
  BOOST_REQUIRE_EQUAL(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return Sha256Digest(digest);
}

Bytes RandomBytes(std::mt19937& random, size_t size) {
  Bytes bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

// FIPS 180-4 section 5.3.3.
constexpr std::array<uint32_t, 8> kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// FIPS 180-4 section 5.1.1.
Bytes Padded(ByteSpan message) {
  Bytes padded(message.begin(), message.end());
  padded.push_back(0x80);
  while (padded.size() % 64 != 56) padded.push_back(0);
  const uint64_t bits = uint64_t{message.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8)
    padded.push_back(static_cast<uint8_t>(bits >> shift));
  return padded;
}

Sha256Digest DigestOf(const std::array<uint32_t, 8>& state) {
  std::array<uint8_t, 32> digest;
  for (size_t i = 0; i < 32; ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return Sha256Digest(digest);
}

BOOST_AUTO_TEST_SUITE(sha256_kernels)

// Lanes of one call have the same number of blocks, but different bytes at different alignments.
BOOST_AUTO_TEST_CASE(each_kernel_compresses_as_openssl_at_every_alignment) {
  std::mt19937 random(4);
  for (const Sha256Kernel* kernel : Sha256KernelsHere()) {
    BOOST_TEST_CONTEXT(kernel->name) {
      for (size_t shift = 0; shift < 64; ++shift) {
        const size_t length = (shift * 37) % 700;
        std::vector<Bytes> messages;
        std::vector<Bytes> shifted;
        std::vector<std::array<uint32_t, 8>> words(kernel->lanes, kInitial);
        std::vector<uint32_t*> states;
        std::vector<const uint8_t*> data;
        for (size_t i = 0; i < kernel->lanes; ++i) {
          messages.push_back(RandomBytes(random, length));
          const size_t at = (shift + i * 7) % 64;
          Bytes padded = Padded(messages[i]);
          padded.insert(padded.begin(), at, 0xEE);
          shifted.push_back(std::move(padded));
          data.push_back(shifted[i].data() + at);
          states.push_back(words[i].data());
        }
        kernel->compress(states.data(), data.data(), Padded(messages[0]).size() / 64);
        for (size_t i = 0; i < kernel->lanes; ++i) {
          BOOST_REQUIRE_MESSAGE(DigestOf(words[i]) == ByOpenSsl(messages[i]),
                                "lane " << i << ", " << length << " bytes, shifted by " << shift);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_length_to_1024_agrees_in_every_kernel) {
  std::mt19937 random(1024);
  const Bytes bytes = RandomBytes(random, 1024 + 64);
  for (const Sha256Kernel* kernel : Sha256KernelsHere()) {
    const Sha256Choice choice = Sha256Choice::Always(*kernel);
    for (size_t length = 0; length <= 1024; ++length) {
      std::vector<Sha256> streams(kernel->lanes);
      std::vector<StreamInput> inputs;
      for (size_t i = 0; i < kernel->lanes; ++i) {
        inputs.push_back({&streams[i], ByteSpan(bytes).subspan(i, length)});
      }
      UpdateMany(inputs, choice);
      for (size_t i = 0; i < kernel->lanes; ++i) {
        BOOST_REQUIRE_MESSAGE(streams[i].Finish() == ByOpenSsl(ByteSpan(bytes).subspan(i, length)),
                              kernel->name << ", lane " << i << ", " << length << " bytes");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_number_of_streams_agrees_at_random_splits) {
  std::mt19937 random(12);
  for (const Sha256Kernel* kernel : Sha256KernelsHere()) {
    const Sha256Choice choice = Sha256Choice::Always(*kernel);
    for (size_t count = 1; count <= 2 * kMaxSha256Lanes + 3; ++count) {
      std::vector<Sha256> streams(count);
      std::vector<Bytes> whole(count);
      for (int part = 0; part < 5; ++part) {
        std::vector<Bytes> pieces;
        std::vector<StreamInput> inputs;
        for (size_t i = 0; i < count; ++i) {
          pieces.push_back(RandomBytes(random, random() % (random() % 4 == 0 ? 5000 : 200)));
          whole[i].insert(whole[i].end(), pieces[i].begin(), pieces[i].end());
        }
        for (size_t i = 0; i < count; ++i) inputs.push_back({&streams[i], pieces[i]});
        std::shuffle(inputs.begin(), inputs.end(), random);
        UpdateMany(inputs, choice);
      }
      for (size_t i = 0; i < count; ++i) {
        BOOST_REQUIRE_MESSAGE(streams[i].Finish() == ByOpenSsl(whole[i]),
                              kernel->name << ", stream " << i << " of " << count);
      }
    }
  }
}

// One long stream among many short ones takes another way than streams of the same length.
BOOST_AUTO_TEST_CASE(one_long_stream_among_short_ones_agrees_under_the_measured_choice) {
  std::mt19937 random(7);
  for (const size_t shorts : {1UL, 3UL, 15UL, 16UL, 40UL}) {
    std::vector<Sha256> streams(shorts + 1);
    std::vector<Bytes> bytes = {RandomBytes(random, 400'000)};
    for (size_t i = 0; i < shorts; ++i) bytes.push_back(RandomBytes(random, 9'000 + i));
    std::vector<StreamInput> inputs;
    for (size_t i = 0; i <= shorts; ++i) inputs.push_back({&streams[i], bytes[i]});
    UpdateMany(inputs, Sha256Choice::OfThisMachine());
    for (size_t i = 0; i <= shorts; ++i) {
      BOOST_CHECK_MESSAGE(streams[i].Finish() == ByOpenSsl(bytes[i]),
                          "stream " << i << " of " << shorts + 1);
    }
  }
}

void CompressNothing(uint32_t* const*, const uint8_t* const*, size_t) {}

BOOST_AUTO_TEST_CASE(the_kernel_with_the_most_filled_lanes_a_second_is_chosen) {
  const Sha256Kernel three = {"three", 3, CompressNothing};
  const Sha256Kernel sixteen = {"sixteen", 16, CompressNothing};
  const std::array<Sha256Choice::Rate, 3> rates = {
      Sha256Choice::Rate{nullptr, 1.0}, {&three, 2.4}, {&sixteen, 4.0}};
  const Sha256Choice choice(rates);
  BOOST_CHECK(choice.KernelFor(1) == nullptr);
  BOOST_CHECK(choice.KernelFor(2) == &three);     // 1.6 of 2.4; sixteen would give 0.5
  BOOST_CHECK(choice.KernelFor(9) == &three);     // 2.4; sixteen would give 2.25
  BOOST_CHECK(choice.KernelFor(10) == &sixteen);  // 2.5
  BOOST_CHECK(choice.KernelFor(1000) == &sixteen);
  BOOST_CHECK_EQUAL(choice.RateFor(16), 4.0);
  BOOST_CHECK_EQUAL(choice.lanes(), 16);
  const Sha256Choice slow(
      std::array<Sha256Choice::Rate, 2>{Sha256Choice::Rate{nullptr, 1.0}, {&three, 0.9}});
  BOOST_CHECK(slow.KernelFor(3) == nullptr);
  BOOST_CHECK_EQUAL(slow.lanes(), 1);
}

BOOST_AUTO_TEST_CASE(the_measured_choice_knows_every_kernel_that_runs_here) {
  BOOST_CHECK_GE(Sha256ManyLanes(), 1);
  BOOST_CHECK_LE(Sha256ManyLanes(), kMaxSha256Lanes);
  BOOST_CHECK(!Sha256ManyKernels().empty());
  for (const Sha256Kernel* kernel : Sha256KernelsHere()) {
    BOOST_CHECK_GE(kernel->lanes, 2);
    BOOST_CHECK_LE(kernel->lanes, kMaxSha256Lanes);
    BOOST_CHECK(Sha256Choice::Always(*kernel).KernelFor(2) == kernel);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
