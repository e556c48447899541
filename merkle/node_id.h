// NodeId: a complete subtree. Level 0 holds the leaf hashes; `index` counts from the left. The node
// covers the leaves [index << level, (index + 1) << level).
#pragma once

#include <compare>
#include <cstdint>

namespace carnet::merkle {

struct NodeId {
  uint32_t level;  // < 64
  uint64_t index;

  friend bool operator==(const NodeId&, const NodeId&) = default;
  friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

}  // namespace carnet::merkle
