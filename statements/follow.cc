#include "statements/follow.h"

namespace carnet::statements {
namespace {

const Statement* OfKind(const Statement* statement, schemas::Kind kind) {
  return statement != nullptr && statement->kind() == kind ? statement : nullptr;
}

}  // namespace

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference) {
  if (reference.isUndisclosed()) return nullptr;
  const auto bytes = reference.getBytes();
  const auto id = StatementId::FromSpan({bytes.begin(), bytes.size()});
  return id ? set.Find(*id) : nullptr;
}

const Statement* Follow(const StatementSet& set, wire::Digest::Reader reference,
                        schemas::Kind kind) {
  return OfKind(Follow(set, reference), kind);
}

const Statement* Follow(const StatementSet& set, const std::optional<StatementId>& reference,
                        schemas::Kind kind) {
  return reference ? OfKind(set.Find(*reference), kind) : nullptr;
}

}  // namespace carnet::statements
