// A policy that is read has what its rules rest on; anything else is malformed, never a crash.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "verifier/policy/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto policy = carnet::verifier::policy::ReadPolicy(carnet::AsText({data, size}), "fuzz",
                                                           carnet::TimestampMs(0));
  if (!policy) {
    CARNET_CHECK(policy.error().code == carnet::ErrorCode::kMalformed);
    return 0;
  }
  CARNET_CHECK(!policy->id.empty() && policy->digest.size() == 64);
  for (const auto& threshold : policy->thresholds) {
    CARNET_CHECK(!threshold.id.empty() && !threshold.source.empty());
    CARNET_CHECK(!threshold.from || !threshold.until || *threshold.from < *threshold.until);
  }
  return 0;
}
