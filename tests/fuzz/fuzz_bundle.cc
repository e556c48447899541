// A bundle that is read, written and read again is the same bundle, and its text stays the same.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "sigstore/bundle.h"

using carnet::sigstore::ReadBundle;
using carnet::sigstore::WriteBundle;

namespace {

std::string_view Hint(const carnet::sigstore::Bundle& bundle) {
  const auto* key = std::get_if<carnet::sigstore::PublicKeyHint>(&bundle.material);
  CARNET_CHECK(key != nullptr);
  return key->hint;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto first = ReadBundle(carnet::AsText({data, size}));
  if (!first) return 0;
  const std::string text = WriteBundle(*first);
  const auto second = ReadBundle(text);
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(Hint(*second) == Hint(*first));
  CARNET_CHECK(second->envelope == first->envelope);
  CARNET_CHECK(second->entries.size() == first->entries.size());
  CARNET_CHECK(WriteBundle(*second) == text);
  return 0;
}
