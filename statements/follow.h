// From a reference to the member that it names: the only place where references are followed. For
// .cc files only: the generated headers are large.
#pragma once

#include <optional>

#include "core/digests.h"
#include "schemas/kind.h"
#include "schemas/readers.h"
#include "statements/statement_set.h"

namespace carnet::statements {

// Null: absent, undisclosed, or not a member.
const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference);
// Null also where the member is of another kind.
const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference,
                        schemas::Kind kind);
const Statement* Follow(const StatementSet& set, const std::optional<StatementId>& reference,
                        schemas::Kind kind);

}  // namespace carnet::statements
