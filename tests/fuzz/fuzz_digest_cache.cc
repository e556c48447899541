// Digest caches: what is read back is what was written; no entry answers that the key did not make.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "artifact/digest_cache.h"
#include "core/check.h"

using carnet::AsText;
using carnet::ByteSpan;
using carnet::artifact::DigestCache;
using carnet::artifact::FileTrust;
using carnet::crypto::HashKey;

namespace {

// 00 01 … of so many bytes, as in tests/artifact/cache_of_tests.h.
template <size_t Size>
std::array<uint8_t, Size> Counting(uint8_t first) {
  std::array<uint8_t, Size> bytes;
  for (size_t i = 0; i < Size; ++i) bytes[i] = static_cast<uint8_t>(first + i);
  return bytes;
}

HashKey KeyFrom(uint8_t first) {
  const auto bytes = Counting<HashKey::kSize>(first);
  return *HashKey::Create(carnet::crypto::SecretBytes::CopyOf(ByteSpan(bytes)));
}

FileTrust Trust() {
  return {carnet::artifact::BootId(Counting<carnet::artifact::BootId::kSize>(0)),
          [] { return int64_t{0}; }, [](int) { return true; }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto text = AsText({data, size});
  const auto first = DigestCache::Parse(text, KeyFrom(0), Trust());
  const auto foreign = DigestCache::Parse(text, KeyFrom(1), Trust());
  CARNET_CHECK(first.has_value() == foreign.has_value());
  if (!first) {
    CARNET_CHECK(!first.error().message.empty());
    return 0;
  }
  // Every entry has one hash, which is right under one key at most.
  CARNET_CHECK(foreign->size() == 0 || first->size() == 0);
  const std::string written = first->Encode();
  const auto second = DigestCache::Parse(written, KeyFrom(0), Trust());
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(second->size() == first->size());
  CARNET_CHECK(second->foreign_entries() == 0);
  CARNET_CHECK(second->Encode() == written);
  if (first->size() > 0 && first->foreign_entries() == 0) CARNET_CHECK(written == text);
  return 0;
}
