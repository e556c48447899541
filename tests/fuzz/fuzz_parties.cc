// A party's file that is read names only key files beside it; anything else is malformed.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "trust/load_parties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto party = carnet::trust::ReadParty(carnet::AsText({data, size}), "fuzz");
  if (!party) {
    CARNET_CHECK(party.error().code == carnet::ErrorCode::kMalformed);
    return 0;
  }
  CARNET_CHECK(!party->name.empty());
  for (const auto& key : party->keys) {
    CARNET_CHECK(!key.file.empty() && key.file.find('/') == key.file.npos &&
                 key.file.front() != '.');
    CARNET_CHECK(!key.kinds.empty());
  }
  return 0;
}
