#include "statements/set_builder.h"

#include <fmt/core.h>

#include <utility>
#include <variant>

#include "core/check.h"
#include "core/utf8.h"
#include "schemas/limits.h"
#include "sigstore/dsse.h"
#include "sigstore/statement.h"

namespace carnet::statements {
namespace {

Fault FaultOf(sigstore::StatementFault fault) {
  switch (fault) {
    case sigstore::StatementFault::kMalformedStatement:
      return Fault::kMalformedStatement;
    case sigstore::StatementFault::kUnknownKind:
      return Fault::kUnknownKind;
    case sigstore::StatementFault::kBadField:
      return Fault::kBadField;
    case sigstore::StatementFault::kWrongSubjects:
      return Fault::kWrongSubjects;
  }
  CARNET_CHECK(false);
}

}  // namespace

bool IsLimit(Fault fault) {
  return fault == Fault::kTooLarge || fault == Fault::kTooManyReferences;
}

std::variant<Statement, Refused> ReadPayload(ByteSpan payload, size_t number) {
  if (payload.size() > schemas::kMaxLineBytes) {
    return Refused{Fault::kTooLarge,
                   fmt::format("the statement has {} bytes, more than the {} allowed",
                               payload.size(), schemas::kMaxLineBytes),
                   number};
  }
  auto read = sigstore::ReadStatement(payload);
  if (auto* error = std::get_if<sigstore::StatementError>(&read)) {
    return Refused{FaultOf(error->fault), std::move(error->message), number};
  }
  auto& statement = std::get<sigstore::Statement>(read);
  return Statement(number, sigstore::StatementIdOf(payload), std::move(statement.predicate),
                   std::move(statement.subjects));
}

std::variant<Statement, Refused> ReadStatementOf(const sigstore::Bundle& bundle, size_t number) {
  const sigstore::Envelope& envelope = bundle.envelope;
  if (envelope.payload_type != sigstore::kInTotoPayloadType) {
    return Refused{Fault::kWrongPayloadType,
                   fmt::format("dsseEnvelope.payloadType: expected \"{}\", found \"{}\"",
                               sigstore::kInTotoPayloadType, Printable(envelope.payload_type)),
                   number};
  }
  return ReadPayload(envelope.payload, number);
}

std::optional<Refused> SetBuilder::Add(Statement statement) {
  const size_t number = statement.number;
  const size_t references = statement.references.size();
  if (set_.size() == schemas::kMaxPassportLines) {
    return Refused{Fault::kTooLarge,
                   fmt::format("more than {} statements", schemas::kMaxPassportLines), number};
  }
  const StatementId id = statement.id;
  const Statement* earlier = set_.Add(std::move(statement));
  if (earlier != nullptr) {
    return Refused{Fault::kDuplicateStatement,
                   fmt::format("repeats the statement of line {}", earlier->number), number, id};
  }
  references_ += references;
  if (references_ > schemas::kMaxReferences) {
    return Refused{Fault::kTooManyReferences,
                   fmt::format("more than {} references", schemas::kMaxReferences), number};
  }
  return std::nullopt;
}

std::optional<Refused> SetBuilder::AddRead(std::variant<Statement, Refused> read) {
  if (auto* refused = std::get_if<Refused>(&read)) return std::move(*refused);
  return Add(std::get<Statement>(std::move(read)));
}

std::optional<Refused> SetBuilder::AddPayload(ByteSpan payload, size_t number) {
  return AddRead(ReadPayload(payload, number));
}

std::optional<Refused> SetBuilder::AddBundle(const sigstore::Bundle& bundle, size_t number) {
  return AddRead(ReadStatementOf(bundle, number));
}

Result<StatementSet> FromBundles(std::span<const sigstore::Bundle> bundles) {
  SetBuilder builder;
  builder.Reserve(bundles.size());
  size_t number = 0;
  for (const sigstore::Bundle& bundle : bundles) {
    const auto refused = builder.AddBundle(bundle, ++number);
    if (!refused) continue;
    const std::string what = fmt::format("bundle {}: {}", number, refused->message);
    return IsLimit(refused->fault) ? Rejected(what) : Malformed(what);
  }
  return builder.Take();
}

}  // namespace carnet::statements
