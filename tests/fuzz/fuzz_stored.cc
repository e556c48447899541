// A row of the ledger's attestations, damaged in any way, is refused; what is read is written again
// as the same bytes.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "schemas/stored.h"

using namespace carnet::schemas;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto stored = DecodeStored({data, size});
  if (!stored) return 0;
  const auto* payload = std::get_if<carnet::Bytes>(&stored->content);
  CARNET_CHECK((payload == nullptr ? 0 : payload->size()) + stored->signature.size() +
                   stored->spki.size() <=
               size);
  CARNET_CHECK(EncodeStored(*stored) == carnet::AsText({data, size}));
  return 0;
}
