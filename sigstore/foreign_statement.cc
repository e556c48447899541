#include "sigstore/foreign_statement.h"

#include <fmt/core.h>

#include <utility>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

// A predicate may have any number of members.
constexpr json::Limits kStatementLimits = {
    .max_bytes = kMaxBundleBytes, .max_depth = 128, .allow_null = true};

Result<> CheckType(const StrictObject& statement) {
  CARNET_TRY(const std::string_view type, statement.RequiredText("_type"));
  if (type == "https://in-toto.io/Statement/v1" || type == "https://in-toto.io/Statement/v0.1") {
    return Ok();
  }
  return Malformed(fmt::format("_type: \"{}\" is not an in-toto Statement of version 1 or 0.1",
                               Printable(type)));
}

// Names of algorithms are the field's names; in-toto allows any.
Result<std::vector<StatedDigest>> ReadDigests(const StrictObject& subject) {
  std::vector<StatedDigest> digests;
  const auto set = subject.Find("digest");
  if (!set) return digests;
  if (!set->is(json::Type::kObject)) return FieldError(*set, "expected object");
  if (set->size() > kMaxSubjectDigests) {
    return FieldError(*set, fmt::format("more than {} digests", kMaxSubjectDigests));
  }
  for (auto field = set->first_child(); field; field = field->next()) {
    if (!field->is(json::Type::kString)) return FieldError(*field, "expected string");
    for (const auto algorithm : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSha384,
                                 crypto::HashAlgorithm::kSha512}) {
      if (field->key() != crypto::HashName(algorithm)) continue;
      auto digest = HexDecode(field->string());
      if (!digest || digest->size() != crypto::DigestSize(algorithm)) {
        return FieldError(*field, "must be a digest in lowercase hex");
      }
      digests.push_back({algorithm, *std::move(digest)});
    }
  }
  return digests;
}

// What is not used, but must be what in-toto says that it is.
Result<> CheckOtherFields(const StrictObject& subject) {
  for (const auto field : {"uri", "content", "downloadLocation", "mediaType"}) {
    CARNET_TRY_VOID(subject.Text(field));
  }
  const auto annotations = subject.Find("annotations");
  if (annotations && !annotations->is(json::Type::kObject)) {
    return FieldError(*annotations, "expected object");
  }
  return Ok();
}

Result<ForeignSubject> ReadSubject(const StrictObject& statement, json::Value value) {
  CARNET_TRY(const StrictObject subject,
             statement.Item(value, {"name", "uri", "digest", "content", "downloadLocation",
                                    "mediaType", "annotations"}));
  CARNET_TRY(const std::string_view name, subject.Text("name"));
  CARNET_TRY(auto digests, ReadDigests(subject));
  CARNET_TRY_VOID(CheckOtherFields(subject));
  return ForeignSubject{Printable(name), std::move(digests)};
}

}  // namespace

Result<ForeignStatement> ReadForeignStatement(ByteSpan payload) {
  CARNET_TRY(const json::Tree tree, json::Parse(AsText(payload), kStatementLimits));
  CARNET_TRY(const StrictObject statement,
             StrictObject::Open(tree.root(), {"_type", "subject", "predicateType", "predicate"},
                                Spelling::kProto3));
  CARNET_TRY_VOID(CheckType(statement));
  ForeignStatement out;
  CARNET_TRY(out.predicate_type, statement.RequiredText("predicateType"));
  const auto predicate = statement.Find("predicate");
  if (predicate && !predicate->is(json::Type::kObject)) {
    return FieldError(*predicate, "expected object");
  }
  CARNET_TRY(auto item, statement.FirstItem("subject", kMaxForeignSubjects));
  for (; item; item = item->next()) {
    CARNET_TRY(ForeignSubject subject, ReadSubject(statement, *item));
    out.subjects.push_back(std::move(subject));
  }
  return out;
}

}  // namespace carnet::sigstore
