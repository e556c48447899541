// in-toto Statement v1 with one of our predicates (S1-S4): strict JSON with the four fields and no
// other, subjects {name, digest{sha256}} exactly as S3 derives them.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "schemas/predicate.h"
#include "schemas/subjects.h"

namespace carnet::sigstore {

struct Statement {
  std::vector<schemas::Subject> subjects;
  schemas::Predicate predicate;
};

// Why a payload is not a statement of ours, in the words of R3.
enum class StatementFault { kMalformedStatement, kUnknownKind, kBadField, kWrongSubjects };

struct StatementError {
  StatementFault fault;
  std::string message;
};

using StatementResult = std::variant<Statement, StatementError>;

// Checks, in order: JSON and the four fields (malformed-statement), predicateType
// (unknown-kind), predicate (bad-field), subjects (wrong-subjects; those of an aborted completion
// are compared with its `run_id` only, those of a verdict must be one `model`).
StatementResult ReadStatement(ByteSpan payload);

// Compact JSON: `_type`, `subject`, `predicateType`, `predicate`. Requires a head, except
// for a verdict.
std::string WriteStatement(const schemas::Predicate& predicate,
                           const std::vector<schemas::Subject>& subjects);

}  // namespace carnet::sigstore
