// Timestamps of a certificate have one spelling, and one that is good is not so for any other
// bytes. Input: leaf and issuer behind their sizes, then the key of a log.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "crypto/sct.h"
#include "tests/fuzz/sized_parts.h"

using namespace carnet::crypto;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carnet::test::SizedParts parts({data, size});
  const auto leaf_der = parts.Next(), issuer_der = parts.Next();
  if (!leaf_der || !issuer_der) return 0;
  const auto leaf = Certificate::Parse(*leaf_der), issuer = Certificate::Parse(*issuer_der);
  if (!leaf || !issuer) return 0;
  const auto timestamps = ReadCertificateTimestamps(*leaf);
  const auto key = PublicKey::ParseSpki(parts.Rest());
  if (!timestamps || !key) return 0;
  CARNET_CHECK(timestamps->size() <= kMaxCertificateTimestamps);
  for (CertificateTimestamp one : *timestamps) {
    CARNET_CHECK(carnet::FormatTimestamp(one.time).size() == 24);
    const auto good = [&] {
      return CheckCertificateTimestamp(one, *leaf, *issuer, *key) == SignatureCheck::kGood;
    };
    if (!good()) continue;
    one.serialized[40] ^= 1;  // the last byte of the time
    CARNET_CHECK(!good());
    one.serialized[40] ^= 1;
    one.serialized.push_back(0);
    CARNET_CHECK(!good());
  }
  return 0;
}
