// The logs of a trusted root keep key, dates and operator when it is written and read again.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "sigstore/trusted_root.h"

using carnet::sigstore::ReadTrustedRoot;
using carnet::sigstore::TrustedLog;
using carnet::sigstore::WriteTrustedRoot;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto first = ReadTrustedRoot(carnet::AsText({data, size}));
  if (!first) return 0;
  const auto second = ReadTrustedRoot(WriteTrustedRoot(*first));
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(second->skipped_logs == 0);
  CARNET_CHECK(second->logs.size() == first->logs.size());
  for (size_t i = 0; i < first->logs.size(); ++i) {
    const TrustedLog& a = first->logs[i];
    const TrustedLog& b = second->logs[i];
    CARNET_CHECK(a.key == b.key);
    CARNET_CHECK(a.valid_from == b.valid_from && a.valid_until == b.valid_until);
    CARNET_CHECK(a.operator_name == b.operator_name);
  }
  return 0;
}
