#include "sigstore/trusted_root.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/base64.h"
#include "json/writer.h"
#include "merkle/checkpoint.h"
#include "sigstore/trusted_material.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kEd25519 = "PKIX_ED25519";
constexpr std::string_view kSha256 = "SHA2_256";

Result<merkle::NoteKey> NoteKeyOf(const LogKey& log) {
  if (log.name.empty()) return Malformed(log.path + ".baseUrl: missing");
  if (const Result<> checked = merkle::CheckOrigin(log.name); !checked) {
    return checked.error().In(log.path + ".baseUrl");
  }
  const auto key = crypto::Ed25519PublicKey::ParseSpki(log.key.spki());
  if (!key) return Malformed(key.error().message).In(log.path + ".publicKey");
  return merkle::NoteKey::Create(log.name, *key);
}

// Both ids are the C2SP id of the key; that of checkpoints may be its first 4 bytes.
Result<> CheckIds(const LogKey& log, const LogId& expected) {
  if (log.id != expected) {
    return Malformed(fmt::format("{}.logId.keyId: must be the id of the key, {}", log.path,
                                 Base64Encode(expected.span())));
  }
  const ByteSpan start = ByteSpan(expected.span()).first(log.checkpoint_key_id.size());
  if (!std::equal(start.begin(), start.end(), log.checkpoint_key_id.begin())) {
    return Malformed(fmt::format("{}.checkpointKeyId.keyId: must be the id of the key, {}",
                                 log.path, Base64Encode(start)));
  }
  return Ok();
}

Result<TrustedLog> TrustedLogOf(const LogKey& log) {
  CARNET_TRY(merkle::NoteKey key, NoteKeyOf(log));
  CARNET_TRY_VOID(CheckIds(log, key.id()));
  return TrustedLog{log.base_url, std::move(key), log.valid.from, log.valid.until,
                    log.operator_name};
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
  CARNET_TRY(const TrustedMaterial material, ReadTrustedMaterial(json));
  TrustedRoot out;
  for (const LogKey& log : material.logs) {
    if (log.scheme != crypto::SignatureScheme::kEd25519) {
      ++out.skipped_logs;
      continue;
    }
    CARNET_TRY(TrustedLog trusted, TrustedLogOf(log));
    out.logs.push_back(std::move(trusted));
  }
  out.skipped_logs += material.skipped_logs;
  return out;
}

std::string WriteTrustedRoot(const TrustedRoot& root) {
  json::Writer writer(json::Layout::kIndented);
  const bool names_operators = std::any_of(root.logs.begin(), root.logs.end(), [](const auto& log) {
    return !log.operator_name.empty();
  });
  writer.BeginObject();
  writer.Member("mediaType", names_operators ? kTrustedRootMediaType02 : kTrustedRootMediaType);
  writer.Key("tlogs").BeginArray();
  for (const TrustedLog& log : root.logs) WriteLog(writer, log);
  writer.EndArray();
  // sigstore-python refuses a file without these members.
  for (const char* none : {"certificateAuthorities", "ctlogs", "timestampAuthorities"}) {
    writer.Key(none).BeginArray().EndArray();
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
