// From what a person types to the digest that is meant: whole, or its first digits where only one
// digest in the ledger begins so. The one place where commands turn text into a digest.
#pragma once

#include <string_view>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "ledger/digest_prefix.h"
#include "ledger/reader.h"

namespace carnet::pipeline {

// 64 hex digits, with or without `sha256:` before them. For what cannot be undone, where the first
// digits are not enough. `key:<hex>` is refused. Errors: malformed.
Result<SubjectDigest> ParseWholeDigest(std::string_view text);
// The same, or the first digits of it.
Result<ledger::DigestPrefix> ParseDigest(std::string_view text);

// A whole digest is returned as it is, whatever the ledger knows. Of what begins so: statement ids,
// subjects of statements, parent models of runs. Errors: not_found: none, or several, of which
// eight are listed, each with what it is.
Result<SubjectDigest> ResolveDigest(const ledger::Reader& reader,
                                    const ledger::DigestPrefix& prefix);
// The same, of statement ids only.
Result<StatementId> ResolveStatement(const ledger::Reader& reader,
                                     const ledger::DigestPrefix& prefix);
// `key:` or `identity:` and a whole or partial digest; without either a key is meant. Errors also:
// malformed.
Result<SignerId> ResolveSigner(const ledger::Reader& reader, std::string_view text);

}  // namespace carnet::pipeline
