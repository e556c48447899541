#include "statements/follow.h"

namespace carnet::statements {

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference) {
  if (reference.isUndisclosed()) return nullptr;
  const auto bytes = reference.getBytes();
  const auto id = StatementId::FromSpan({bytes.begin(), bytes.size()});
  return id ? set.Find(*id) : nullptr;
}

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference,
                        schemas::Kind kind) {
  const Statement* statement = Follow(set, reference);
  return statement != nullptr && statement->kind() == kind ? statement : nullptr;
}

}  // namespace carnet::statements
