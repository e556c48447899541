// StatementSet: statements by their ids, each once, in the order given: the lines of a passport,
// the closure of a statement in a ledger, a trace. Whether anyone signed or logged them is not
// known here; what is found out about a member is kept beside the set, by its place.
// Const methods are thread safe.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "core/digests.h"
#include "schemas/predicate.h"
#include "schemas/subjects.h"

namespace carnet::statements {

struct Statement {
  size_t number;  // 1-based: its line where it was read from lines, else its turn when given
  StatementId id;
  schemas::Predicate predicate;
  std::vector<schemas::Subject> subjects;

  schemas::Kind kind() const { return predicate.kind(); }
};

class StatementSet {
 public:
  // Null once it is a member; else the earlier member of that id, and the set is as before.
  const Statement* Add(Statement statement);
  void Reserve(size_t count) { members_.reserve(count); }

  const Statement* Find(const StatementId& id) const;  // null: not a member
  // Counted from 0, of a member and no copy of it.
  size_t PlaceOf(const Statement& member) const;

  size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  const Statement& operator[](size_t place) const { return members_[place]; }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }

 private:
  std::vector<Statement> members_;
  std::unordered_map<StatementId, size_t> places_;
};

}  // namespace carnet::statements
