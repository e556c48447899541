// A token that verifies does so for one message only, and not with another imprint. Input: the
// authority's certificate and the response behind their sizes, then the message.
#include <cstddef>
#include <cstdint>

#include <algorithm>

#include "core/check.h"
#include "crypto/rfc3161.h"
#include "tests/fuzz/sized_parts.h"

using carnet::Bytes;
using carnet::ByteSpan;
using namespace carnet::crypto;

namespace {

void CheckVerified(const TimestampToken& token, ByteSpan response, ByteSpan message,
                   TimestampChain chain) {
  CARNET_CHECK(chain.front().ValidAt(token.time));
  Bytes other = carnet::ToBytes(message);
  other.push_back(0);
  CARNET_CHECK(!VerifyTimestamp(response, other, chain));
  const Bytes digest = DigestOf(token.imprint_hash, message);
  Bytes changed = carnet::ToBytes(response);
  const auto imprint = std::search(changed.begin(), changed.end(), digest.begin(), digest.end());
  CARNET_CHECK(imprint != changed.end());
  *imprint ^= 1;
  CARNET_CHECK(!VerifyTimestamp(changed, message, chain));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carnet::test::SizedParts parts({data, size});
  const auto der = parts.Next(), response = parts.Next();
  if (!der || !response) return 0;
  const ByteSpan message = parts.Rest();
  static_cast<void>(CheckTimestampNonce(*response, message));
  const auto certificate = Certificate::Parse(*der);
  if (!certificate) return 0;
  const TimestampChain chain(&*certificate, 1);
  const auto token = VerifyTimestamp(*response, message, chain);
  if (token) CheckVerified(*token, *response, message, chain);
  return 0;
}
