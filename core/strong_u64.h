// StrongU64<Tag>: a 64-bit number with a meaning; no arithmetic, no cross conversion.
#pragma once

#include <compare>
#include <cstdint>

namespace carnet {

template <typename Tag>
class StrongU64 {
 public:
  constexpr explicit StrongU64(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }

  friend bool operator==(const StrongU64&, const StrongU64&) = default;
  friend auto operator<=>(const StrongU64&, const StrongU64&) = default;

 private:
  uint64_t value_;
};

using LeafIndex = StrongU64<struct LeafIndexTag>;  // from 0

// Number of leaves.
class TreeSize : public StrongU64<struct TreeSizeTag> {
 public:
  using StrongU64::StrongU64;
  constexpr bool Contains(LeafIndex index) const { return index.value() < value(); }
};

}  // namespace carnet
