// StatementSet: statements by their ids, each once, in the order given: the lines of a passport,
// the closure of a statement in a ledger, a trace. Nothing is known here about who signed or logged
// them; what is found out about a member is kept beside the set, by its place.
// Const methods are thread safe.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/digests.h"
#include "schemas/head_fields.h"
#include "schemas/predicate.h"
#include "schemas/references.h"
#include "schemas/subjects.h"
#include "statements/segment_fields.h"

namespace carnet::statements {

struct Statement {
  // Reads once what rules look at many times for each statement.
  Statement(size_t given_number, const StatementId& own_id, schemas::Predicate fields,
            std::vector<schemas::Subject> derived);

  size_t number;  // counted from 1: the line that it was read from, else its position as given
  StatementId id;
  schemas::Predicate predicate;
  std::vector<schemas::Subject> subjects;
  std::optional<schemas::HeadFields> head;     // absent of a verdict
  std::vector<schemas::Reference> references;  // the strong ones
  std::optional<SegmentFields> segment;        // of no other kind

  schemas::Kind kind() const { return predicate.kind(); }
};

class StatementSet {
 public:
  // Null if it is now a member; else the earlier member of that id, and the set is unchanged.
  const Statement* Add(Statement statement);
  void Reserve(size_t count) { members_.reserve(count); }

  const Statement* Find(const StatementId& id) const;  // null: not a member
  // Counted from 0. Requires the member itself, not a copy.
  size_t PlaceOf(const Statement& member) const;

  // Whether all that the statement refers to are members.
  bool HasReferencesOf(const Statement& statement) const;

  size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  const Statement& operator[](size_t place) const { return members_[place]; }
  std::span<const Statement> All() const { return members_; }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }

 private:
  std::vector<Statement> members_;
  std::unordered_map<StatementId, size_t> places_;
};

}  // namespace carnet::statements
