#include "statements/statement_set.h"

#include <algorithm>

#include <utility>

#include "core/check.h"

namespace carnet::statements {

Statement::Statement(size_t given_number, const StatementId& own_id, schemas::Predicate fields,
                     std::vector<schemas::Subject> derived)
    : number(given_number),
      id(own_id),
      predicate(std::move(fields)),
      subjects(std::move(derived)),
      head(schemas::HeadFieldsOf(predicate)),
      references(schemas::StrongReferences(predicate)),
      segment(SegmentFieldsOf(predicate)) {}

const Statement* StatementSet::Add(Statement statement) {
  const auto [found, added] = places_.emplace(statement.id, members_.size());
  if (!added) return &members_[found->second];
  members_.push_back(std::move(statement));
  return nullptr;
}

const Statement* StatementSet::Find(const StatementId& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &members_[found->second];
}

size_t StatementSet::PlaceOf(const Statement& member) const {
  const auto place = static_cast<size_t>(&member - members_.data());
  CARNET_CHECK(place < members_.size());
  return place;
}

bool StatementSet::HasReferencesOf(const Statement& statement) const {
  return std::ranges::all_of(statement.references, [this](const schemas::Reference& reference) {
    return places_.contains(reference.target);
  });
}

}  // namespace carnet::statements
