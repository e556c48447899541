// What uses a statement: those that refer to it, those that refer to these, and so on. The ledger's
// index has a row for every strong reference, so that the walk costs what it finds and not what the
// ledger has. Anyone can log a statement that refers to another: whoever shows these says who
// signed them, and everything here is bounded.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "trust/trust.h"

namespace carnet::pipeline {

inline constexpr size_t kMaxUsers = 100'000;  // against strangers: statements of one walk

struct User {
  StatementId id;
  LeafIndex index;
  schemas::Kind kind;
  SignerId signer;
  std::vector<StatementId> references;  // strong ones, distinct, in field order
  uint64_t models_between;  // fewest models that were made with the start and used on the way
};

struct UsesOf {
  std::vector<StatementId> starts = {};   // at least one, or `model`
  std::optional<ModelDigest> model = {};  // also runs with an edge from it that names no statement
  // Of these only statements by keys that trust lets sign them; null: of all.
  const trust::Trust* trust = nullptr;
  // Whether to go on from a statement of the first kind to one of the second that refers to it.
  std::function<bool(schemas::Kind used, schemas::Kind user)> follow = nullptr;  // null: always
  size_t max_users = kMaxUsers;
};

struct Uses {
  std::vector<User> users;  // without the starts; by models_between, then as they were found
  uint64_t strangers = 0;   // distinct statements that trust left out
};

// Each statement once. Errors: rejected (more than max_users, or more references between them than
// a passport may have), naming what narrows the question; as the reader's.
Result<Uses> FindUses(const ledger::Reader& reader, const UsesOf& of);

// The statements about a digest of the kinds that are wanted. Of a passport, completion or segment
// the digest must be the model's: a file may have the digest of another model. Errors: rejected
// (more than kMaxUsers statements are about it); as the reader's.
using KindChoice = std::function<bool(schemas::Kind)>;
Result<std::vector<StatementId>> StatementsAbout(const ledger::Reader& reader,
                                                 const SubjectDigest& digest,
                                                 const KindChoice& wanted,
                                                 const trust::Trust* trust);

// What the statement of this entry is about in the first place: of a passport, completion or
// segment the model. Errors: corruption; as the reader's.
Result<SubjectDigest> SubjectOf(const ledger::Reader& reader, LeafIndex index);

// A passport, completion or segment: a statement about a model.
bool IsAboutModel(schemas::Kind kind);

}  // namespace carnet::pipeline
