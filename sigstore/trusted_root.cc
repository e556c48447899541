#include "sigstore/trusted_root.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/ascii.h"
#include "core/base64.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "merkle/checkpoint.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kEd25519 = "PKIX_ED25519";
constexpr std::string_view kSha256 = "SHA2_256";

bool IsHostCharacter(char c) { return IsLetterOrDigit(c) || c == '.' || c == '-' || c == '_'; }

// The host of `scheme://host[:port][/path]`: the name under which the log signs.
Result<std::string> OriginOf(const StrictObject& log) {
  CARNET_TRY(const std::string_view url, log.RequiredText("baseUrl"));
  const size_t scheme_end = url.find("://");
  if (scheme_end == 0 || scheme_end == std::string_view::npos) {
    return FieldError(*log.Find("baseUrl"), "must be scheme://host");
  }
  const std::string_view authority = url.substr(scheme_end + 3);
  const auto host_end = std::find_if_not(authority.begin(), authority.end(), IsHostCharacter);
  const std::string host(authority.begin(), host_end);
  if (host.empty() || (host_end != authority.end() && *host_end != ':' && *host_end != '/')) {
    return FieldError(*log.Find("baseUrl"), "does not have a plain host name");
  }
  return host;
}

struct Validity {
  TimestampMs from;
  std::optional<TimestampMs> until;
};

Result<Validity> ReadValidity(const StrictObject& public_key) {
  CARNET_TRY(const StrictObject valid, public_key.Object("validFor", {"start", "end"}));
  CARNET_TRY(const std::string_view start, valid.RequiredText("start"));
  const Result<TimestampMs> from = ParseRfc3339(start);
  if (!from) return from.error().In(valid.Find("start")->Path());
  if (!valid.Find("end")) return Validity{*from, std::nullopt};
  CARNET_TRY(const std::string_view end, valid.Text("end"));
  const Result<TimestampMs> until = ParseRfc3339(end);
  if (!until) return until.error().In(valid.Find("end")->Path());
  if (*until < *from) return FieldError(*valid.Find("end"), "is before the start");
  return Validity{*from, *until};
}

Result<merkle::NoteKey> ReadNoteKey(const StrictObject& log, ByteSpan spki) {
  const std::string path = log.Find("publicKey")->Path();
  CARNET_TRY(std::string origin, OriginOf(log));
  if (const Result<> checked = merkle::CheckOrigin(origin); !checked) {
    return checked.error().In(log.Find("baseUrl")->Path());
  }
  const auto public_key = crypto::Ed25519PublicKey::ParseSpki(spki);
  if (!public_key) return Malformed(public_key.error().message).In(path);
  return merkle::NoteKey::Create(std::move(origin), *public_key);
}

// The C2SP key id, all 32 bytes.
Result<> CheckLogId(const StrictObject& log, std::string_view field, const LogId& expected) {
  CARNET_TRY(const StrictObject id, log.Object(field, {"keyId"}));
  CARNET_TRY(const json::Value key_id, id.Field("keyId"));
  CARNET_TRY(const LogId given, Base64To<LogId>(key_id));
  if (given != expected) {
    return FieldError(key_id, "must be the id of the key, " + Base64Encode(expected.span()));
  }
  return Ok();
}

Result<std::optional<TrustedLog>> ReadLog(json::Value value) {
  CARNET_TRY(const StrictObject log,
             StrictObject::Open(value, {"baseUrl", "hashAlgorithm", "publicKey", "logId",
                                        "checkpointKeyId", "operator"}));
  CARNET_TRY(const StrictObject public_key,
             log.Object("publicKey", {"rawBytes", "keyDetails", "validFor"}));
  CARNET_TRY(const std::string_view key_details, public_key.RequiredText("keyDetails"));
  CARNET_TRY(const Bytes spki, public_key.Base64("rawBytes"));
  CARNET_TRY(const Validity validity, ReadValidity(public_key));
  if (key_details != kEd25519) return std::optional<TrustedLog>();

  CARNET_TRY(const std::string_view hash, log.RequiredText("hashAlgorithm"));
  if (hash != kSha256) return FieldError(*log.Find("hashAlgorithm"), "must be SHA2_256");
  CARNET_TRY(const merkle::NoteKey key, ReadNoteKey(log, spki));
  CARNET_TRY_VOID(CheckLogId(log, "logId", key.id()));
  if (log.Find("checkpointKeyId")) CARNET_TRY_VOID(CheckLogId(log, "checkpointKeyId", key.id()));
  CARNET_TRY(const std::string_view base_url, log.Text("baseUrl"));
  CARNET_TRY(const std::string_view operator_name, log.Text("operator"));
  return std::optional(TrustedLog{std::string(base_url), key, validity.from, validity.until,
                                  std::string(operator_name)});
}

Result<> CheckUnread(const StrictObject& root, std::string_view field) {
  CARNET_TRY(auto item, root.FirstItem(field, SIZE_MAX));
  for (; item; item = item->next()) {
    if (!item->is(json::Type::kObject)) return FieldError(*item, "must be an object");
  }
  return Ok();
}

void WriteLog(json::Writer& writer, const TrustedLog& log) {
  writer.BeginObject();
  writer.Member("baseUrl", "https://" + log.key.name());
  writer.Member("hashAlgorithm", kSha256);
  writer.Key("publicKey").BeginObject();
  writer.Member("rawBytes", Base64Encode(log.key.key().ToSpki()));
  writer.Member("keyDetails", kEd25519);
  writer.Key("validFor").BeginObject();
  writer.Member("start", FormatTimestamp(log.valid_from));
  if (log.valid_until) writer.Member("end", FormatTimestamp(*log.valid_until));
  writer.EndObject().EndObject();
  writer.Key("logId").BeginObject();
  writer.Member("keyId", Base64Encode(log.key.id().span()));
  writer.EndObject();
  if (!log.operator_name.empty()) writer.Member("operator", log.operator_name);
  writer.EndObject();
}

}  // namespace

Result<TrustedRoot> ReadTrustedRoot(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json));
  CARNET_TRY(const StrictObject root,
             StrictObject::Open(tree.root(), {"mediaType", "tlogs", "certificateAuthorities",
                                              "ctlogs", "timestampAuthorities"}));
  CARNET_TRY(const std::string_view media_type, root.RequiredText("mediaType"));
  if (media_type != kTrustedRootMediaType) {
    return Unsupported(
        fmt::format("mediaType: \"{}\" is not a trusted root v0.1", Printable(media_type)));
  }
  for (std::string_view unread : {"certificateAuthorities", "ctlogs", "timestampAuthorities"}) {
    CARNET_TRY_VOID(CheckUnread(root, unread));
  }
  TrustedRoot out;
  CARNET_TRY(auto item, root.FirstItem("tlogs", SIZE_MAX));
  for (; item; item = item->next()) {
    CARNET_TRY(auto log, ReadLog(*item));
    if (log) {
      out.logs.push_back(*std::move(log));
    } else {
      ++out.skipped_logs;
    }
  }
  return out;
}

std::string WriteTrustedRoot(const TrustedRoot& root) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("mediaType", kTrustedRootMediaType);
  writer.Key("tlogs").BeginArray();
  for (const TrustedLog& log : root.logs) WriteLog(writer, log);
  writer.EndArray().EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
