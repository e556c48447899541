// SetBuilder: payloads and bundles to a StatementSet. Strict, with limits before anything is kept,
// so that whoever made them cannot decide how much memory or time a set costs.
// Single threaded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "core/bytes.h"
#include "core/result.h"
#include "sigstore/bundle.h"
#include "statements/statement_set.h"

namespace carnet::statements {

enum class Fault {
  kTooLarge,           // one line or statement, or all of them
  kTooManyReferences,  // in all: what was kept must not be used either
  kMalformedLine,
  kMalformedBundle,
  kWrongPayloadType,
  kMalformedStatement,
  kUnknownKind,
  kBadField,
  kWrongSubjects,
  kDuplicateStatement,
};

// Whether a set is refused only for its size, and may be honest.
bool IsLimit(Fault fault);

// Why something is not a member.
struct Refused {
  Fault fault;
  std::string message;
  std::optional<size_t> number = {};   // as Statement::number; absent: the whole file
  std::optional<StatementId> id = {};  // of a duplicate
};

// All that needs nothing but the payload itself: thread safe. `number` as in Statement.
std::variant<Statement, Refused> ReadPayload(ByteSpan payload, size_t number);
// The statement in a bundle; signature and log entries are not looked at.
std::variant<Statement, Refused> ReadStatementOf(const sigstore::Bundle& bundle, size_t number);

class SetBuilder {
 public:
  void Reserve(size_t count) { set_.Reserve(count); }

  // Absent: the statement is now a member. After kTooManyReferences nothing more may be added.
  std::optional<Refused> Add(Statement statement);
  // Reads and adds.
  std::optional<Refused> AddPayload(ByteSpan payload, size_t number);
  std::optional<Refused> AddBundle(const sigstore::Bundle& bundle, size_t number);

  StatementSet Take() { return std::move(set_); }

 private:
  std::optional<Refused> AddRead(std::variant<Statement, Refused> read);

  StatementSet set_;
  uint64_t references_ = 0;
};

// All bundles as one set, each numbered as its line in a passport would be.
// Errors, of the first bundle that is refused: rejected, beyond the limits of a passport (R1);
// malformed.
Result<StatementSet> FromBundles(std::span<const sigstore::Bundle> bundles);

}  // namespace carnet::statements
