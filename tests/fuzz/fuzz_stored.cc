// A row of the ledger's attestations, damaged in any way, is refused or read to the parts that
// writing it again gives.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "schemas/stored.h"

using namespace carnet::schemas;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto stored = DecodeStored({data, size});
  if (!stored) return 0;
  CARNET_CHECK(stored->payload.size() + stored->signature.size() + stored->spki.size() <= size);
  const auto again = DecodeStored(carnet::AsBytes(EncodeStored(*stored)));
  CARNET_CHECK(again.has_value());
  CARNET_CHECK(*again == *stored);
  return 0;
}
