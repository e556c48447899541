// A digest cache of a machine whose files are old enough, and where every file system is trusted.
#pragma once

#include <array>
#include <chrono>
#include <numeric>
#include <utility>

#include "artifact/digest_cache.h"

namespace carnet::test {

// 00 01 … 1f, as in digest_cache_reference.py.
inline crypto::HashKey KeyOfTests() {
  std::array<uint8_t, crypto::HashKey::kSize> bytes;
  std::iota(bytes.begin(), bytes.end(), uint8_t{0});
  return crypto::HashKey::Create(crypto::SecretBytes::CopyOf(ByteSpan(bytes))).value();
}

inline int64_t NowNs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

inline artifact::FileTrust AtAnyTime() {
  std::array<uint8_t, artifact::BootId::kSize> boot;
  std::iota(boot.begin(), boot.end(), uint8_t{0});
  return {artifact::BootId(boot), [] { return NowNs() + 60'000'000'000; },
          [](int) { return true; }};
}

}  // namespace carnet::test
