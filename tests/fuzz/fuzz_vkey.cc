// A verifier key has one spelling: what is read is written as the same text.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "merkle/signed_note.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  const auto key = carnet::merkle::NoteKey::ParseVkey(text);
  if (key) CARNET_CHECK(key->ToVkey() == text);
  return 0;
}
