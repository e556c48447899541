#include "sigstore/trusted_material.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/ascii.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "sigstore/key_details.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

// Production has five of each at most; against time spent on every bundle.
constexpr size_t kMaxMembers = 64;
constexpr size_t kMaxCertificates = 10;

constexpr std::string_view kMediaTypes[] = {kTrustedRootMediaType,
                                            "application/vnd.dev.sigstore.trustedroot.v0.1+json",
                                            kTrustedRootMediaType02};

bool IsHostCharacter(char c) { return IsLetterOrDigit(c) || c == '.' || c == '-' || c == '_'; }

// The host of `scheme://host[:port][/path]`.
Result<std::string> HostOf(const StrictObject& log) {
  CARNET_TRY(const std::string_view url, log.Text("baseUrl"));
  if (url.empty()) return std::string();
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

Result<TimestampMs> ReadRangeTime(const StrictObject& range, std::string_view field) {
  CARNET_TRY(const std::string_view text, range.RequiredText(field));
  const Result<TimestampMs> time = ParseRfc3339(text);
  if (!time) return time.error().In(range.Find(field)->Path());
  return *time;
}

Result<ValidFor> ReadValidFor(const StrictObject& parent) {
  CARNET_TRY(const StrictObject range, parent.Object("validFor", {"start", "end"}));
  CARNET_TRY(const TimestampMs from, ReadRangeTime(range, "start"));
  if (!range.Find("end")) return ValidFor{from, std::nullopt};
  CARNET_TRY(const TimestampMs until, ReadRangeTime(range, "end"));
  if (until < from) return FieldError(*range.Find("end"), "is before the start");
  return ValidFor{from, until};
}

Result<LogId> ReadId(const StrictObject& log) {
  CARNET_TRY(const StrictObject id, log.Object("logId", {"keyId"}));
  CARNET_TRY(const json::Value key_id, id.Field("keyId"));
  return Base64To<LogId>(key_id, id.spelling());
}

// The specification says that it is 4 bytes; clients write all 32, or none.
Result<Bytes> ReadCheckpointKeyId(const StrictObject& log, const LogId& otherwise) {
  if (!log.Find("checkpointKeyId")) return ToBytes(otherwise.span());
  CARNET_TRY(const StrictObject id, log.Object("checkpointKeyId", {"keyId"}));
  CARNET_TRY(Bytes key_id, id.Base64("keyId"));
  if (key_id.size() != 4 && key_id.size() != LogId::kSize) {
    return FieldError(*log.Find("checkpointKeyId"), "must be 4 or 32 bytes");
  }
  return key_id;
}

// The one accepted hash of trees.
Result<> CheckTreeHash(const StrictObject& log) {
  CARNET_TRY(const std::string_view hash, log.RequiredText("hashAlgorithm"));
  if (hash != "SHA2_256") return FieldError(*log.Find("hashAlgorithm"), "must be SHA2_256");
  return Ok();
}

// Absent, with a note in `skipped`, for a key of a kind that is not known here.
Result<std::optional<LogKey>> ReadLog(const StrictObject& parent, json::Value value,
                                      std::vector<std::string>& skipped) {
  CARNET_TRY(const StrictObject log, parent.Item(value, {"baseUrl", "hashAlgorithm", "publicKey",
                                                         "logId", "checkpointKeyId", "operator"}));
  CARNET_TRY(const StrictObject public_key,
             log.Object("publicKey", {"rawBytes", "keyDetails", "validFor"}));
  CARNET_TRY(const std::string_view name, public_key.RequiredText("keyDetails"));
  CARNET_TRY(const Bytes bytes, public_key.Base64("rawBytes"));
  CARNET_TRY(const ValidFor valid, ReadValidFor(public_key));
  const KeyDetails* details = FindKeyDetails(name);
  if (details == nullptr) {
    skipped.push_back(fmt::format("{}: {}", value.Path(), Printable(name)));
    return std::optional<LogKey>();
  }
  CARNET_TRY_VOID(CheckTreeHash(log));
  auto key = ParseKey(*details, bytes);
  if (!key) return Malformed(key.error().message).In(log.Find("publicKey")->Path());
  CARNET_TRY(std::string host, HostOf(log));
  CARNET_TRY(const LogId id, ReadId(log));
  CARNET_TRY(Bytes checkpoint_key_id, ReadCheckpointKeyId(log, id));
  CARNET_TRY(const std::string_view base_url, log.Text("baseUrl"));
  CARNET_TRY(const std::string_view operator_name, log.Text("operator"));
  return std::optional(LogKey{value.Path(), std::string(base_url), std::move(host), *std::move(key),
                              details->scheme, id, std::move(checkpoint_key_id), valid,
                              std::string(operator_name)});
}

// An entry names its log by id alone: of two keys with one id, which one vouches for it, and until
// when, would be anybody's guess.
Result<> CheckIdIsNew(const LogKey& log, const std::vector<LogKey>& before) {
  const auto same = std::find_if(before.begin(), before.end(),
                                 [&log](const LogKey& other) { return other.id == log.id; });
  if (same == before.end()) return Ok();
  return Malformed(fmt::format("{}.logId.keyId: is that of {} too", log.path, same->path));
}

Result<std::vector<LogKey>> ReadLogs(const StrictObject& root, std::string_view field,
                                     std::vector<std::string>& skipped) {
  std::vector<LogKey> logs;
  CARNET_TRY(auto item, root.FirstItem(field, kMaxMembers));
  for (; item; item = item->next()) {
    CARNET_TRY(auto log, ReadLog(root, *item, skipped));
    if (!log) continue;
    CARNET_TRY_VOID(CheckIdIsNew(*log, logs));
    logs.push_back(*std::move(log));
  }
  return logs;
}

Result<std::vector<crypto::Certificate>> ReadAuthorityChain(const StrictObject& authority) {
  CARNET_TRY(const StrictObject chain, authority.Object("certChain", {"certificates"}));
  std::vector<crypto::Certificate> out;
  CARNET_TRY(auto item, chain.FirstItem("certificates", kMaxCertificates));
  if (!item) return chain.Missing("certificates[0]");
  for (; item; item = item->next()) {
    CARNET_TRY(const StrictObject wrapped, chain.Item(*item, {"rawBytes"}));
    CARNET_TRY(const Bytes der, wrapped.Base64("rawBytes"));
    auto certificate = crypto::Certificate::Parse(der);
    if (!certificate) return certificate.error().In(item->Path());
    out.push_back(*std::move(certificate));
  }
  return out;
}

Result<Authority> ReadAuthority(const StrictObject& root, json::Value value) {
  CARNET_TRY(const StrictObject authority,
             root.Item(value, {"subject", "uri", "certChain", "validFor", "operator"}));
  CARNET_TRY(const std::string_view uri, authority.Text("uri"));
  std::string name(uri);
  if (authority.Find("subject")) {
    CARNET_TRY(const StrictObject subject,
               authority.Object("subject", {"organization", "commonName"}));
    CARNET_TRY_VOID(subject.Text("organization"));
    CARNET_TRY(const std::string_view common_name, subject.Text("commonName"));
    if (name.empty()) name = common_name;
  }
  CARNET_TRY_VOID(authority.Text("operator"));
  CARNET_TRY(auto chain, ReadAuthorityChain(authority));
  CARNET_TRY(const ValidFor valid, ReadValidFor(authority));
  return Authority{Printable(name, 4 * name.size() + 1), std::move(chain), valid};  // whole
}

Result<std::vector<Authority>> ReadAuthorities(const StrictObject& root, std::string_view field) {
  std::vector<Authority> out;
  CARNET_TRY(auto item, root.FirstItem(field, kMaxMembers));
  for (; item; item = item->next()) {
    CARNET_TRY(Authority authority, ReadAuthority(root, *item));
    out.push_back(std::move(authority));
  }
  return out;
}

Result<> CheckRootMediaType(const StrictObject& root) {
  CARNET_TRY(const std::string_view media_type, root.RequiredText("mediaType"));
  for (const std::string_view known : kMediaTypes) {
    if (media_type == known) return Ok();
  }
  return Unsupported(fmt::format("mediaType: \"{}\" is not a trusted root of version 0.1 or 0.2",
                                 Printable(media_type)));
}

}  // namespace

std::string ValidFor::ToString() const {
  return fmt::format("{} to {}", FormatTimestamp(from), until ? FormatTimestamp(*until) : "now on");
}

Result<TrustedMaterial> ReadTrustedMaterial(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kForeignLimits));
  CARNET_TRY(const StrictObject root,
             StrictObject::Open(
                 tree.root(),
                 {"mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"},
                 Spelling::kProto3));
  CARNET_TRY_VOID(CheckRootMediaType(root));
  TrustedMaterial out;
  CARNET_TRY(out.logs, ReadLogs(root, "tlogs", out.skipped));
  out.skipped_logs = out.skipped.size();
  CARNET_TRY(out.certificate_authorities, ReadAuthorities(root, "certificateAuthorities"));
  CARNET_TRY(out.ct_logs, ReadLogs(root, "ctlogs", out.skipped));
  CARNET_TRY(out.timestamp_authorities, ReadAuthorities(root, "timestampAuthorities"));
  return out;
}

}  // namespace carnet::sigstore
