// The hashes of RFC 6962 section 2.1: leaf = SHA-256(00 || entry), node = SHA-256(01 || left ||
// right), empty tree = SHA-256 of nothing. Thread safe.
#pragma once

#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"

namespace carnet::merkle {

LeafHash HashLeaf(ByteSpan entry);
NodeHash HashChildren(const NodeHash& left, const NodeHash& right);
RootHash EmptyRoot();

}  // namespace carnet::merkle
