#include "statements/follow.h"

namespace carnet::statements {

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference) {
  if (reference.isUndisclosed() || reference.getBytes().size() == 0) return nullptr;
  return set.Find(schemas::DigestOf<StatementId>(reference));
}

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference,
                        schemas::Kind kind) {
  const Statement* statement = Follow(set, reference);
  return statement != nullptr && statement->kind() == kind ? statement : nullptr;
}

}  // namespace carnet::statements
