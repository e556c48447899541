// A statement's bytes together with what the strict reader read from them and their id. Only that
// reader makes one, so whoever is handed one need not read the bytes a second time.
#pragma once

#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "sigstore/statement.h"

namespace carnet::sigstore {

class ParsedStatement {
 public:
  // Errors: malformed (ReadStatement's message).
  static Result<ParsedStatement> Parse(Bytes payload);

  const StatementId& id() const { return id_; }
  const Bytes& payload() const { return payload_; }
  const std::vector<schemas::Subject>& subjects() const { return statement_.subjects; }
  const schemas::Predicate& predicate() const { return statement_.predicate; }

  Bytes TakePayload() && { return std::move(payload_); }
  schemas::Predicate TakePredicate() && { return std::move(statement_.predicate); }

 private:
  ParsedStatement(Bytes payload, Statement statement);
  StatementId id_;
  Bytes payload_;
  Statement statement_;
};

}  // namespace carnet::sigstore
