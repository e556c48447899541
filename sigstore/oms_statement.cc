#include "sigstore/oms_statement.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/check.h"
#include "core/decimal.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sigstore/oms_resources.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

using artifact::OmsHash;
using artifact::OmsManifest;
using artifact::OmsMethod;

constexpr std::string_view kInTotoStatementV1 = "https://in-toto.io/Statement/v1";
constexpr std::string_view kOmsVersion1 = "https://model_signing/signature/v1.";
constexpr std::string_view kOmsBefore1 = "https://model_signing/Digests/v0.1";

// A resource has three members beside itself; others are allowed, within reason.
constexpr json::Limits kOmsLimits = {.max_bytes = uint64_t{96} << 20,
                                     .max_values = 6 * artifact::kMaxOmsResources,
                                     .max_members = 1'024};

class OmsReader {
 public:
  Result<OmsStatement> Read(ByteSpan payload) {
    CARNET_TRY(const json::Tree tree, json::Parse(AsText(payload), kOmsLimits));
    CARNET_TRY(const StrictObject statement,
               StrictObject::Open(tree.root(), {"_type", "subject", "predicateType", "predicate"}));
    CARNET_TRY(const std::string_view type, statement.RequiredText("_type"));
    if (type != kInTotoStatementV1) {
      return Malformed(
          fmt::format("_type: expected {}, found {}", kInTotoStatementV1, Quoted(type)));
    }
    CARNET_TRY_VOID(CheckPredicateType(statement));
    CARNET_TRY(const json::Value subject, OneSubject(statement));
    CARNET_TRY(const std::string_view name, SubjectName(subject));
    CARNET_TRY(const Sha256Digest root, SubjectRoot(subject));
    CARNET_TRY(OmsManifest manifest, ReadPredicate(statement));
    if (artifact::OmsRootOf(manifest.resources) != root) {
      return Fail(OmsFault::kWrongRoot,
                  Malformed("subject[0].digest.sha256: is not the digest of the resources"));
    }
    return OmsStatement{std::string(name), std::move(manifest), root};
  }

  OmsFault fault() const { return fault_; }

 private:
  Error Fail(OmsFault fault, Error error) {
    fault_ = fault;
    return error;
  }

  // By the specification's rules for versions, whoever reads 1.0 reads every 1.n.
  Result<> CheckPredicateType(const StrictObject& statement) {
    CARNET_TRY(const std::string_view type, statement.RequiredText("predicateType"));
    if (type.starts_with(kOmsVersion1) && ParseDecimalU64(type.substr(kOmsVersion1.size()))) {
      return Ok();
    }
    if (type == kOmsBefore1) {
      return Fail(
          OmsFault::kOtherVersion,
          Unsupported(fmt::format("predicateType: {} is the form before 1.0, which does not "
                                  "say what was left out; the model must be signed again",
                                  kOmsBefore1)));
    }
    return Fail(OmsFault::kOtherVersion,
                Unsupported(fmt::format("predicateType: expected {}, found {}", kOmsPredicateType,
                                        Quoted(type))));
  }

  static Result<json::Value> OneSubject(const StrictObject& statement) {
    CARNET_TRY(const json::Value subjects, statement.Field("subject"));
    if (!subjects.is(json::Type::kArray) || subjects.size() != 1) {
      return FieldError(subjects, "must be exactly one subject");
    }
    const json::Value subject = *subjects.first_child();
    if (!subject.is(json::Type::kObject)) return FieldError(subject, "expected object");
    return subject;
  }

  static Result<std::string_view> SubjectName(json::Value subject) {
    const auto name = subject.Find("name");
    if (!name || !name->is(json::Type::kString) || name->string().empty()) {
      return FieldError(subject, "name must be a string that is not empty");
    }
    return name->string();
  }

  static Result<Sha256Digest> SubjectRoot(json::Value subject) {
    const auto digest = subject.Find("digest");
    const auto sha256 = digest && digest->is(json::Type::kObject) ? digest->Find("sha256")
                                                                  : std::optional<json::Value>();
    if (!sha256 || !sha256->is(json::Type::kString)) {
      return FieldError(subject, "digest.sha256 is missing");
    }
    const auto root = HexDecodeTo<Sha256Digest>(sha256->string());
    if (!root) return FieldError(*sha256, "must be 64 lowercase hex digits");
    return *root;
  }

  Result<OmsManifest> ReadPredicate(const StrictObject& statement) {
    CARNET_TRY(const StrictObject predicate,
               statement.Object("predicate", {"resources", "serialization"}));
    CARNET_TRY(OmsManifest manifest, ReadSerialization(predicate));
    CARNET_TRY_VOID(ReadOmsResources(*statement.Find("predicate"), manifest, fault_));
    CARNET_TRY_VOID(CheckOmsResources(manifest, fault_));
    return manifest;
  }

  Result<OmsManifest> ReadSerialization(const StrictObject& predicate) {
    CARNET_TRY(const StrictObject serialization,
               predicate.Object("serialization", {"method", "hash_type", "shard_size",
                                                  "allow_symlinks", "ignore_paths"}));
    OmsManifest manifest;
    CARNET_TRY(manifest.method.hash, ReadHash(serialization));
    CARNET_TRY(manifest.method.shard_bytes, ReadShardBytes(serialization));
    CARNET_TRY(const json::Value links, serialization.Field("allow_symlinks"));
    if (!links.is(json::Type::kBool)) return FieldError(links, "expected true or false");
    manifest.allow_symlinks = links.boolean();
    CARNET_TRY(manifest.ignore_paths, ReadIgnorePaths(serialization));
    return manifest;
  }

  Result<OmsHash> ReadHash(const StrictObject& serialization) {
    CARNET_TRY(const std::string_view name, serialization.RequiredText("hash_type"));
    for (const OmsHash hash : {OmsHash::kSha256, OmsHash::kBlake2b}) {
      if (name == artifact::OmsHashName(hash)) return hash;
    }
    const json::Value field = *serialization.Find("hash_type");
    if (name == "blake3") {
      return Fail(OmsFault::kUnsupported, Unsupported(field.Path() + ": blake3 is not built in"));
    }
    return FieldError(field, fmt::format("expected sha256 or blake2b, found {}", Quoted(name)));
  }

  static Result<std::optional<uint64_t>> ReadShardBytes(const StrictObject& serialization) {
    CARNET_TRY(const std::string_view method, serialization.RequiredText("method"));
    const auto size = serialization.Find("shard_size");
    if (method == "files") {
      if (size) return FieldError(*size, "belongs to the method \"shards\"");
      return std::optional<uint64_t>();
    }
    if (method != "shards") {
      return FieldError(*serialization.Find("method"),
                        fmt::format("expected files or shards, found {}", Quoted(method)));
    }
    if (!size) return serialization.Missing("shard_size");
    std::string_view text = size->is(json::Type::kNumber) ? size->number_text() : "";
    if (text.ends_with(".0")) text.remove_suffix(2);  // the Python tool has numbers as doubles
    const auto bytes = ParseDecimalU64(text);
    if (!bytes || *bytes == 0) return FieldError(*size, "must be a positive integer");
    return std::optional(*bytes);
  }

  Result<std::vector<std::string>> ReadIgnorePaths(const StrictObject& serialization) {
    std::vector<std::string> paths;
    CARNET_TRY(auto item, serialization.FirstItem("ignore_paths", artifact::kMaxOmsResources));
    for (; item; item = item->next()) {
      if (!item->is(json::Type::kString)) return FieldError(*item, "expected string");
      const auto path = artifact::CheckOmsPath(item->string());
      if (!path) {
        return Fail(
            OmsFault::kUnsafePath,
            FieldError(*item, fmt::format("{} {}", Quoted(item->string()), path.error().message)));
      }
      paths.emplace_back(item->string());
    }
    return paths;
  }

  OmsFault fault_ = OmsFault::kMalformed;
};

void WriteSerialization(json::Writer& writer, const OmsManifest& manifest) {
  writer.Key("serialization").BeginObject();
  writer.Member("method", manifest.method.shard_bytes ? "shards" : "files");
  writer.Member("hash_type", artifact::OmsHashName(manifest.method.hash));
  if (manifest.method.shard_bytes) writer.Member("shard_size", *manifest.method.shard_bytes);
  writer.Member("allow_symlinks", manifest.allow_symlinks);
  if (!manifest.ignore_paths.empty()) {
    writer.Key("ignore_paths").BeginArray();
    for (const std::string& path : manifest.ignore_paths) writer.String(path);
    writer.EndArray();
  }
  writer.EndObject();
}

}  // namespace

std::variant<OmsStatement, OmsStatementError> ReadOmsStatement(ByteSpan payload) {
  OmsReader reader;
  auto statement = reader.Read(payload);
  if (!statement) return OmsStatementError{reader.fault(), statement.error().message};
  return *std::move(statement);
}

std::string WriteOmsStatement(std::string_view model_name, const OmsManifest& manifest) {
  CARNET_CHECK(!manifest.resources.empty() && !model_name.empty());
  json::Writer writer;
  writer.BeginObject().Member("_type", kInTotoStatementV1);
  writer.Key("subject").BeginArray().BeginObject().Member("name", model_name);
  writer.Key("digest").BeginObject();
  writer.Member("sha256", HexEncode(artifact::OmsRootOf(manifest.resources).span()));
  writer.EndObject().EndObject().EndArray();
  writer.Member("predicateType", kOmsPredicateType);
  writer.Key("predicate").BeginObject().Key("resources").BeginArray();
  for (const artifact::OmsResource& resource : manifest.resources) {
    writer.BeginObject()
        .Member("name", OmsNameOf(resource, manifest.method))
        .Member("digest", HexEncode(resource.digest))
        .Member("algorithm", artifact::OmsHashName(manifest.method.hash))
        .EndObject();
  }
  writer.EndArray();
  WriteSerialization(writer, manifest);
  return writer.EndObject().EndObject().Take();
}

}  // namespace carnet::sigstore
