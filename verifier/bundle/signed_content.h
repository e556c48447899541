// What a bundle's signature covers, and whether that is the artifact: step 7 of verify_bundle.h.
#pragma once

#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/public_key.h"
#include "sigstore/entry_body.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/foreign_statement.h"

namespace carnet::verifier::bundle {

// The artifact that is asked about, by digests; an artifact of which only a digest is known has
// one.
struct Artifact {
  std::vector<sigstore::StatedDigest> digests;
  std::optional<ByteSpan> content = {};  // only pure Ed25519 over a message needs it

  const Bytes* Find(crypto::HashAlgorithm algorithm) const;  // null: not known
};

// Which digests of the artifact a verdict takes. Errors: malformed (the statement).
Result<std::vector<crypto::HashAlgorithm>> WantedDigests(const sigstore::ForeignBundle& bundle);

// Good under one of the schemes that fit the key: Sigstore's clients hash for P-384 and P-521 with
// SHA-256 or with the curve's own hash, and sign with Ed25519 pure or pre-hashed.
// Errors: rejected.
Result<> CheckContentSignature(const sigstore::ForeignBundle& bundle, const crypto::PublicKey& key,
                               const Artifact& artifact);

// The digest of the bundle's message is the artifact's. Errors: rejected.
Result<> CheckMessageDigest(const sigstore::MessageSignature& message, const Artifact& artifact);

// Errors: rejected (payload type), malformed.
Result<sigstore::ForeignStatement> ReadSignedStatement(const sigstore::Envelope& envelope);

// One subject has every digest of the artifact that both have, and at least one. Errors: rejected.
Result<> CheckSubjects(const sigstore::ForeignStatement& statement, const Artifact& artifact);

}  // namespace carnet::verifier::bundle
