#include "crypto/sha256_many.h"

#include <openssl/evp.h>

#include <algorithm>
#include <random>

#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

Sha256Digest ByOpenSsl(const Bytes& bytes) {
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

BOOST_AUTO_TEST_SUITE(sha256_many)

// Lengths around the block size matter most, long ones let streams end at different times.
size_t RandomLength(std::mt19937& random) {
  switch (random() % 4) {
    case 0:
      return random() % 3;
    case 1:
      return 62 + random() % 5;
    case 2:
      return random() % 300;
    default:
      return random() % 9000;
  }
}

BOOST_AUTO_TEST_CASE(agrees_with_openssl_however_streams_are_split) {
  std::mt19937 random(180);
  for (int round = 0; round < 1500; ++round) {
    const size_t count = 1 + random() % 9;
    std::vector<Sha256> streams(count);
    std::vector<Bytes> whole(count);
    for (int part = 0; part < 4; ++part) {
      std::vector<Bytes> pieces;
      for (size_t i = 0; i < count; ++i)
        pieces.push_back(RandomBytes(random, RandomLength(random)));
      std::vector<StreamInput> inputs;
      for (size_t i = 0; i < count; ++i) {
        if (random() % 5 == 0) continue;  // not every stream in every call
        inputs.push_back({&streams[i], pieces[i]});
        whole[i].insert(whole[i].end(), pieces[i].begin(), pieces[i].end());
      }
      std::shuffle(inputs.begin(), inputs.end(), random);
      UpdateMany(inputs);
    }
    for (size_t i = 0; i < count; ++i) {
      BOOST_REQUIRE_MESSAGE(streams[i].Finish() == ByOpenSsl(whole[i]),
                            "stream " << i << " of " << count << ", " << whole[i].size()
                                      << " bytes, round " << round);
    }
  }
}

BOOST_AUTO_TEST_CASE(mixes_with_updates_of_single_streams) {
  std::mt19937 random(4);
  std::vector<Sha256> streams(3);
  std::vector<Bytes> whole(3);
  for (int part = 0; part < 40; ++part) {
    const Bytes piece = RandomBytes(random, RandomLength(random));
    std::vector<StreamInput> inputs;
    for (size_t i = 0; i < 3; ++i) {
      inputs.push_back({&streams[i], piece});
      whole[i].insert(whole[i].end(), piece.begin(), piece.end());
    }
    UpdateMany(inputs);
    streams[1].Update(ByteSpan(piece));
    whole[1].insert(whole[1].end(), piece.begin(), piece.end());
  }
  for (size_t i = 0; i < 3; ++i) BOOST_CHECK(streams[i].Finish() == ByOpenSsl(whole[i]));
}

// The length that the padding holds passes 2^32 bits, where OpenSSL's counter has its carry.
BOOST_AUTO_TEST_CASE(counts_lengths_beyond_half_a_gibibyte, *carnet::test::LongOnOneThread()) {
  const Bytes chunk(1 << 20, 'a');
  std::vector<Sha256> streams(2);
  for (int i = 0; i < 520; ++i) {
    UpdateMany(std::vector<StreamInput>{{&streams[0], chunk}, {&streams[1], chunk}});
  }
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  BOOST_REQUIRE_EQUAL(EVP_DigestInit_ex(context, EVP_sha256(), nullptr), 1);
  for (int i = 0; i < 520; ++i) EVP_DigestUpdate(context, chunk.data(), chunk.size());
  std::array<uint8_t, 32> digest;
  BOOST_REQUIRE_EQUAL(EVP_DigestFinal_ex(context, digest.data(), nullptr), 1);
  EVP_MD_CTX_free(context);
  for (Sha256& stream : streams) BOOST_CHECK(stream.Finish() == Sha256Digest(digest));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
