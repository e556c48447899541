// A bundle that is read, written and read again is the same bundle, and its text stays the same.
#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/check.h"
#include "sigstore/bundle.h"

using carnet::sigstore::Certificate;
using carnet::sigstore::PublicKeyHint;
using carnet::sigstore::ReadBundle;
using carnet::sigstore::VerificationMaterial;
using carnet::sigstore::WriteBundle;

namespace {

void CheckSameMaterial(const VerificationMaterial& a, const VerificationMaterial& b) {
  CARNET_CHECK(a.index() == b.index());
  if (const auto* key = std::get_if<PublicKeyHint>(&a)) {
    CARNET_CHECK(key->hint == std::get<PublicKeyHint>(b).hint);
  } else {
    CARNET_CHECK(std::get<Certificate>(a).der == std::get<Certificate>(b).der);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto first = ReadBundle(carnet::AsText({data, size}));
  if (!first) return 0;
  const std::string text = WriteBundle(*first);
  const auto second = ReadBundle(text);
  CARNET_CHECK(second.has_value());
  CheckSameMaterial(second->material, first->material);
  CARNET_CHECK(second->timestamps == first->timestamps);
  CARNET_CHECK(second->envelope == first->envelope);
  CARNET_CHECK(second->entries.size() == first->entries.size());
  CARNET_CHECK(WriteBundle(*second) == text);
  return 0;
}
