// An entry of a transparency log in somebody else's bundle: steps 6b to 6d of verify_bundle.h.
#pragma once

#include <optional>

#include "core/bytes.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "merkle/checkpoint.h"
#include "sigstore/entry_body.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/trusted_material.h"

namespace carnet::verifier::bundle {

// 6b, but for the time. Signature lines of others are ignored, in any order. Requires an entry with
// a proof. Errors: malformed, rejected.
Result<merkle::Checkpoint> JudgeForeignCheckpoint(const sigstore::LogEntry& entry,
                                                  const sigstore::LogKey& log);

// 6c. Errors: rejected.
Result<> CheckForeignInclusion(const sigstore::LogEntry& entry,
                               const merkle::Checkpoint& checkpoint);

// What an entry must say to be about the bundle that carries it.
struct BundleFacts {
  const sigstore::ForeignBundle& bundle;
  const crypto::PublicKey& key;
  ByteSpan certificate;  // DER; empty for a given key
};

// 6d. Errors: rejected.
Result<> CheckForeignBody(const sigstore::EntryBody& body, const BundleFacts& facts);

}  // namespace carnet::verifier::bundle
