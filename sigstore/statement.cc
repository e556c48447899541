#include "sigstore/statement.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "schemas/codec.h"
#include "schemas/kind.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";

StatementError Fault(StatementFault fault, Error error) {
  return {fault, std::move(error.message)};
}

// {name, digest{sha256}} and no other field; the values are compared later.
Result<> CheckSubjectForm(json::Value value) {
  CARNET_TRY(const StrictObject subject, StrictObject::Open(value, {"name", "digest"}));
  CARNET_TRY_VOID(subject.RequiredText("name"));
  CARNET_TRY(const StrictObject digest, subject.Object("digest", {"sha256"}));
  CARNET_TRY_VOID(digest.RequiredText("sha256"));
  return Ok();
}

Result<> CheckForm(json::Value root) {
  CARNET_TRY(const StrictObject statement,
             StrictObject::Open(root, {"_type", "subject", "predicateType", "predicate"}));
  CARNET_TRY(const std::string_view type, statement.RequiredText("_type"));
  if (type != kStatementType) {
    return Malformed(
        fmt::format("_type: expected {}, found \"{}\"", kStatementType, Printable(type)));
  }
  CARNET_TRY(const json::Value subjects, statement.Field("subject"));
  CARNET_TRY(auto subject, statement.FirstItem("subject", SIZE_MAX));
  if (!subject) return FieldError(subjects, "must not be empty");
  for (; subject; subject = subject->next()) CARNET_TRY_VOID(CheckSubjectForm(*subject));
  CARNET_TRY_VOID(statement.RequiredText("predicateType"));
  CARNET_TRY(const json::Value predicate, statement.Field("predicate"));
  if (!predicate.is(json::Type::kObject)) return FieldError(predicate, "must be an object");
  return Ok();
}

std::string_view SubjectName(json::Value subject) { return subject.Find("name")->string(); }

std::string_view SubjectSha256(json::Value subject) {
  return subject.Find("digest")->Find("sha256")->string();
}

// S3: derived from the predicate, in this order, no others.
Result<std::vector<schemas::Subject>> CheckSubjects(json::Value given,
                                                    const schemas::Predicate& predicate) {
  std::vector<schemas::Subject> expected = schemas::SubjectsOf(predicate);
  auto subject = given.first_child();
  for (const schemas::Subject& wanted : expected) {
    if (!subject) {
      return FieldError(given, fmt::format("\"{}\" is missing", Printable(wanted.name)));
    }
    if (SubjectName(*subject) != wanted.name) {
      return FieldError(*subject,
                        fmt::format("expected \"{}\", found \"{}\"", Printable(wanted.name),
                                    Printable(SubjectName(*subject))));
    }
    if (SubjectSha256(*subject) != HexEncode(wanted.digest.span())) {
      return FieldError(*subject,
                        fmt::format("sha256 of \"{}\" differs from the one in the predicate",
                                    Printable(wanted.name)));
    }
    subject = subject->next();
  }
  if (subject) return FieldError(*subject, "is not a subject of this predicate");
  return expected;
}

// A verdict names its model in its subject only.
Result<std::vector<schemas::Subject>> CheckVerdictSubject(json::Value given) {
  const json::Value subject = *given.first_child();
  if (given.size() != 1 || SubjectName(subject) != "model") {
    return FieldError(given, "a verdict has exactly one subject, \"model\"");
  }
  const auto digest = HexDecodeTo<ModelDigest>(SubjectSha256(subject));
  if (!digest) return FieldError(subject, "sha256 must be 64 lowercase hex digits");
  return schemas::VerdictSubject(*digest);
}

}  // namespace

StatementResult ReadStatement(ByteSpan payload) {
  const Result<json::Tree> tree = json::Parse(AsText(payload), kDocumentLimits);
  if (!tree) return Fault(StatementFault::kMalformedStatement, tree.error());
  const json::Value root = tree->root();
  if (const Result<> form = CheckForm(root); !form) {
    return Fault(StatementFault::kMalformedStatement, form.error());
  }

  const json::Value type = *root.Find("predicateType");
  const std::optional<schemas::Kind> kind = schemas::ParsePredicateType(type.string());
  if (!kind) {
    return Fault(StatementFault::kUnknownKind,
                 FieldError(type, fmt::format("\"{}\" is not known", Printable(type.string()))));
  }

  Result<schemas::Predicate> predicate =
      schemas::ReadPredicate(*kind, *root.Find("predicate"), schemas::HeadRule::kRequired);
  if (!predicate) return Fault(StatementFault::kBadField, predicate.error());

  const json::Value given = *root.Find("subject");
  Result<std::vector<schemas::Subject>> subjects = *kind == schemas::Kind::kVerdict
                                                       ? CheckVerdictSubject(given)
                                                       : CheckSubjects(given, *predicate);
  if (!subjects) return Fault(StatementFault::kWrongSubjects, subjects.error());
  return Statement{*std::move(subjects), *std::move(predicate)};
}

std::string WriteStatement(const schemas::Predicate& predicate,
                           const std::vector<schemas::Subject>& subjects) {
  CARNET_CHECK(predicate.head().has_value() || !schemas::HasHead(predicate.kind()));
  json::Writer writer;
  writer.BeginObject().Member("_type", kStatementType);
  writer.Key("subject").BeginArray();
  for (const schemas::Subject& subject : subjects) {
    writer.BeginObject().Member("name", subject.name);
    writer.Key("digest").BeginObject();
    writer.Member("sha256", HexEncode(subject.digest.span()));
    writer.EndObject().EndObject();
  }
  writer.EndArray();
  writer.Member("predicateType", schemas::PredicateType(predicate.kind()));
  writer.Key("predicate");
  schemas::WritePredicate(predicate, writer);
  writer.EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
