// The 32-byte values that everything is named by (docs/architecture.md, "Terms").
// All are SHA-256 outputs; the tag says of what.
#pragma once

#include "core/fixed_bytes.h"

namespace carnet {

using Sha256Digest = FixedBytes<struct Sha256DigestTag, 32>;    // of plain bytes, such as a file
using LeafHash = FixedBytes<struct LeafHashTag, 32>;            // RFC 6962 2.1, prefix 00
using NodeHash = FixedBytes<struct NodeHashTag, 32>;            // RFC 6962 2.1, leaf or inner node
using RootHash = FixedBytes<struct RootHashTag, 32>;            // RFC 6962 2.1, of a whole tree
using StatementId = FixedBytes<struct StatementIdTag, 32>;      // SHA-256(DSSE PAE)
using ModelDigest = FixedBytes<struct ModelDigestTag, 32>;      // S5
using TensorRoot = FixedBytes<struct TensorRootTag, 32>;        // S6
using KeyId = FixedBytes<struct KeyIdTag, 32>;                  // SHA-256(SubjectPublicKeyInfo)
using IdentityDigest = FixedBytes<struct IdentityTag, 32>;      // of a certificate's identity (S1)
using LogId = FixedBytes<struct LogIdTag, 32>;                  // full C2SP key id of a log's key
using SubjectDigest = FixedBytes<struct SubjectDigestTag, 32>;  // of any in-toto subject

// A digest under another name, for the few places where two meanings coincide (a leaf hash
// is the node of level 0). Spelt out at the call, so that no conversion is silent.
template <typename To, typename From>
To Retag(const From& from) {
  static_assert(To::kSize == From::kSize);
  return To(from.span());
}

}  // namespace carnet
