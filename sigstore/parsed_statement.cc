#include "sigstore/parsed_statement.h"

#include <utility>

#include "sigstore/dsse.h"

namespace carnet::sigstore {

ParsedStatement::ParsedStatement(Bytes payload, Statement statement)
    : id_(StatementIdOf(payload)), payload_(std::move(payload)), statement_(std::move(statement)) {}

Result<ParsedStatement> ParsedStatement::Parse(Bytes payload) {
  StatementResult read = ReadStatement(payload);
  if (const auto* error = std::get_if<StatementError>(&read)) return Malformed(error->message);
  return ParsedStatement(std::move(payload), std::move(std::get<Statement>(read)));
}

}  // namespace carnet::sigstore
