// An in-toto Statement that somebody else signed, of any predicate type: what it is about. Our own
// are read with their predicates by sigstore/statement.h.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "sigstore/entry_body.h"

namespace carnet::sigstore {

struct ForeignSubject {
  std::string name;                   // for messages: printable, cut; may be empty
  std::vector<StatedDigest> digests;  // of algorithms that are known here; others are left out
};

struct ForeignStatement {
  std::string predicate_type;
  std::vector<ForeignSubject> subjects;
};

// sigstore-go's limits; against time spent on comparisons.
inline constexpr size_t kMaxForeignSubjects = 1'024;
inline constexpr size_t kMaxSubjectDigests = 32;

// `_type` is Statement v1 or v0.1 (which `cosign attest-blob --predicate` writes), predicateType is
// given, the predicate is an object where there is one, no other fields. Errors: malformed.
Result<ForeignStatement> ReadForeignStatement(ByteSpan payload);

}  // namespace carnet::sigstore
