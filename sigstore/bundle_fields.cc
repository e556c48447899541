#include "sigstore/bundle_fields.h"

#include "core/base64.h"

namespace carnet::sigstore {
namespace {

// sigstore-go's limits; against time spent on one bundle.
constexpr size_t kMaxLogEntries = 32;
constexpr size_t kMaxTimestamps = 32;

void WriteTimestamps(json::Writer& writer, const std::vector<Bytes>& timestamps) {
  writer.Key("timestampVerificationData").BeginObject().Key("rfc3161Timestamps").BeginArray();
  for (const Bytes& timestamp : timestamps) {
    writer.BeginObject().Member("signedTimestamp", Base64Encode(timestamp)).EndObject();
  }
  writer.EndArray().EndObject();
}

}  // namespace

Result<std::vector<LogEntry>> ReadLogEntries(const StrictObject& material, ProofIs proof) {
  std::vector<LogEntry> entries;
  CARNET_TRY(auto item, material.FirstItem("tlogEntries", kMaxLogEntries));
  for (; item; item = item->next()) {
    CARNET_TRY(LogEntry entry, ReadLogEntry(material, *item, proof));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<Bytes>> ReadTimestamps(const StrictObject& material) {
  std::vector<Bytes> timestamps;
  if (!material.Find("timestampVerificationData")) return timestamps;
  CARNET_TRY(const StrictObject data,
             material.Object("timestampVerificationData", {"rfc3161Timestamps"}));
  CARNET_TRY(auto item, data.FirstItem("rfc3161Timestamps", kMaxTimestamps));
  for (; item; item = item->next()) {
    CARNET_TRY(const StrictObject timestamp, data.Item(*item, {"signedTimestamp"}));
    CARNET_TRY(Bytes der, timestamp.Base64("signedTimestamp"));
    if (der.empty()) return timestamp.Missing("signedTimestamp");
    timestamps.push_back(std::move(der));
  }
  return timestamps;
}

Result<Envelope> ReadEnvelope(const StrictObject& bundle) {
  CARNET_TRY(const StrictObject dsse,
             bundle.Object("dsseEnvelope", {"payload", "payloadType", "signatures"}));
  Envelope out;
  CARNET_TRY(out.payload, dsse.Base64("payload"));
  CARNET_TRY(out.payload_type, dsse.Text("payloadType"));
  CARNET_TRY(const auto first, dsse.FirstItem("signatures", 1));
  if (!first) return dsse.Missing("signatures[0]");
  CARNET_TRY(const StrictObject signature, dsse.Item(*first, {"sig", "keyid"}));
  CARNET_TRY(out.signature, signature.Base64("sig"));
  CARNET_TRY(const std::string_view keyid, signature.Text("keyid"));
  if (bundle.spelling() == Spelling::kOurs && !keyid.empty()) {
    return FieldError(*signature.Find("keyid"), "must be empty: the hint names the key");
  }
  return out;
}

void WriteVerificationMaterial(json::Writer& writer, const VerificationMaterial& material,
                               const std::vector<LogEntry>& entries,
                               const std::vector<Bytes>& timestamps) {
  writer.Key("verificationMaterial").BeginObject();
  if (const auto* key = std::get_if<PublicKeyHint>(&material)) {
    writer.Key("publicKey").BeginObject();
    TextField(writer, "hint", key->hint);
  } else {
    writer.Key("certificate").BeginObject();
    BytesField(writer, "rawBytes", std::get<Certificate>(material).der);
  }
  writer.EndObject();
  if (!entries.empty()) {
    writer.Key("tlogEntries").BeginArray();
    for (const LogEntry& entry : entries) WriteLogEntry(writer, entry);
    writer.EndArray();
  }
  if (!timestamps.empty()) WriteTimestamps(writer, timestamps);
  writer.EndObject();
}

}  // namespace carnet::sigstore
