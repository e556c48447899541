// The body of a log entry has one spelling: what is read is written as the same bytes.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "sigstore/hashedrekord.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body = carnet::AsText({data, size});
  const auto read = carnet::sigstore::ReadHashedRekord(body);
  if (!read) return 0;
  CARNET_CHECK(carnet::sigstore::WriteHashedRekord(*read) == body);
  return 0;
}
