#include "sigstore/bundle.h"

#include <fmt/core.h>

#include "core/base64.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "merkle/signed_note.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

// sigstore-go's limits, and the depth of a tree of 2^64 leaves; against time spent on one line.
constexpr size_t kMaxLogEntries = 32;
constexpr size_t kMaxTimestamps = 32;
constexpr size_t kMaxProofHashes = 64;

constexpr std::string_view kOldMediaType = "application/vnd.dev.sigstore.bundle+json;version=";

Result<> CheckMediaType(const StrictObject& bundle) {
  CARNET_TRY(const std::string_view type, bundle.RequiredText("mediaType"));
  if (type == kBundleMediaType) return Ok();
  if (type.starts_with(kOldMediaType)) {
    const std::string_view version = type.substr(kOldMediaType.size());
    if (version == "0.3") return Ok();
    return Unsupported(
        fmt::format("mediaType: expected bundle version 0.3, found {}", Printable(version)));
  }
  return Unsupported(fmt::format("mediaType: \"{}\" is not a bundle v0.3", Printable(type)));
}

Result<> ReadProof(const StrictObject& entry, LogEntry& out) {
  CARNET_TRY(
      const StrictObject proof,
      entry.Object("inclusionProof", {"logIndex", "rootHash", "treeSize", "hashes", "checkpoint"}));
  CARNET_TRY(out.proof_log_index, proof.Int64("logIndex"));
  CARNET_TRY(out.proof_root_hash, proof.Base64("rootHash"));
  CARNET_TRY(out.proof_tree_size, proof.Int64("treeSize"));
  CARNET_TRY(auto hash, proof.FirstItem("hashes", kMaxProofHashes));
  if (hash) out.proof.hashes.reserve(proof.Find("hashes")->size());
  for (; hash; hash = hash->next()) {
    CARNET_TRY(const NodeHash node, Base64To<NodeHash>(*hash));
    out.proof.hashes.push_back(node);
  }
  CARNET_TRY(const StrictObject checkpoint, proof.Object("checkpoint", {"envelope"}));
  CARNET_TRY(const std::string_view envelope, checkpoint.RequiredText("envelope"));
  if (envelope.size() > merkle::kMaxNoteBytes) {
    return FieldError(*checkpoint.Find("envelope"),
                      fmt::format("larger than {} bytes", merkle::kMaxNoteBytes));
  }
  out.checkpoint = envelope;
  return Ok();
}

Result<bool> ReadPromise(const StrictObject& entry) {
  if (!entry.Find("inclusionPromise")) return false;
  CARNET_TRY(const StrictObject promise,
             entry.Object("inclusionPromise", {"signedEntryTimestamp"}));
  CARNET_TRY_VOID(promise.Base64("signedEntryTimestamp"));
  return true;
}

Result<LogId> ReadLogId(const StrictObject& entry) {
  CARNET_TRY(const StrictObject log_id, entry.Object("logId", {"keyId"}));
  CARNET_TRY(const json::Value key_id, log_id.Field("keyId"));
  return Base64To<LogId>(key_id);
}

Result<LogEntry> ReadEntry(json::Value value) {
  CARNET_TRY(
      const StrictObject entry,
      StrictObject::Open(value, {"logIndex", "logId", "kindVersion", "integratedTime",
                                 "inclusionPromise", "inclusionProof", "canonicalizedBody"}));
  CARNET_TRY(const LogId log_id, ReadLogId(entry));
  LogEntry out{.log_id = log_id};
  CARNET_TRY(out.log_index, entry.Int64("logIndex"));
  CARNET_TRY(const StrictObject kind_version, entry.Object("kindVersion", {"kind", "version"}));
  CARNET_TRY(out.kind, kind_version.Text("kind"));
  CARNET_TRY(out.version, kind_version.Text("version"));
  CARNET_TRY(out.integrated_time, entry.Int64("integratedTime"));
  CARNET_TRY(out.has_inclusion_promise, ReadPromise(entry));
  CARNET_TRY_VOID(ReadProof(entry, out));
  CARNET_TRY(out.canonicalized_body, entry.Base64("canonicalizedBody"));
  return out;
}

Result<> CheckTimestamps(const StrictObject& material) {
  if (!material.Find("timestampVerificationData")) return Ok();
  CARNET_TRY(const StrictObject data,
             material.Object("timestampVerificationData", {"rfc3161Timestamps"}));
  CARNET_TRY(auto item, data.FirstItem("rfc3161Timestamps", kMaxTimestamps));
  for (; item; item = item->next()) {
    CARNET_TRY(const StrictObject timestamp, StrictObject::Open(*item, {"signedTimestamp"}));
    CARNET_TRY_VOID(timestamp.Base64("signedTimestamp"));
  }
  return Ok();
}

Result<> ReadMaterial(const StrictObject& bundle, Bundle& out) {
  CARNET_TRY(
      const StrictObject material,
      bundle.Object("verificationMaterial", {"publicKey", "certificate", "x509CertificateChain",
                                             "tlogEntries", "timestampVerificationData"}));
  for (std::string_view certified : {"certificate", "x509CertificateChain"}) {
    if (material.Find(certified)) {
      return Unsupported("verificationMaterial." + std::string(certified) +
                         ": a certificate as verification material is not supported");
    }
  }
  CARNET_TRY(const StrictObject key, material.Object("publicKey", {"hint"}));
  CARNET_TRY(const std::string_view hint, key.RequiredText("hint"));
  out.material = PublicKeyHint{std::string(hint)};
  CARNET_TRY(auto item, material.FirstItem("tlogEntries", kMaxLogEntries));
  for (; item; item = item->next()) {
    CARNET_TRY(LogEntry entry, ReadEntry(*item));
    out.entries.push_back(std::move(entry));
  }
  return CheckTimestamps(material);
}

Result<Envelope> ReadEnvelope(const StrictObject& bundle) {
  CARNET_TRY(const StrictObject dsse,
             bundle.Object("dsseEnvelope", {"payload", "payloadType", "signatures"}));
  Envelope out;
  CARNET_TRY(out.payload, dsse.Base64("payload"));
  CARNET_TRY(out.payload_type, dsse.Text("payloadType"));
  CARNET_TRY(const auto first, dsse.FirstItem("signatures", 1));
  if (!first) return dsse.Missing("signatures[0]");
  CARNET_TRY(const StrictObject signature, StrictObject::Open(*first, {"sig", "keyid"}));
  CARNET_TRY(out.signature, signature.Base64("sig"));
  CARNET_TRY(out.keyid, signature.Text("keyid"));
  return out;
}

// proto3 JSON: zero values are left out, int64 is a decimal string.
void Int64Field(json::Writer& writer, std::string_view key, uint64_t value) {
  if (value != 0) writer.Member(key, std::to_string(value));
}

void TextField(json::Writer& writer, std::string_view key, std::string_view value) {
  if (!value.empty()) writer.Member(key, value);
}

void BytesField(json::Writer& writer, std::string_view key, ByteSpan value) {
  if (!value.empty()) writer.Member(key, Base64Encode(value));
}

void WriteProof(json::Writer& writer, const LogEntry& entry) {
  writer.Key("inclusionProof").BeginObject();
  Int64Field(writer, "logIndex", entry.proof_log_index);
  BytesField(writer, "rootHash", entry.proof_root_hash);
  Int64Field(writer, "treeSize", entry.proof_tree_size);
  if (!entry.proof.hashes.empty()) {
    writer.Key("hashes").BeginArray();
    for (const NodeHash& hash : entry.proof.hashes) writer.String(Base64Encode(hash.span()));
    writer.EndArray();
  }
  writer.Key("checkpoint").BeginObject();
  TextField(writer, "envelope", entry.checkpoint);
  writer.EndObject().EndObject();
}

void WriteEntry(json::Writer& writer, const LogEntry& entry) {
  writer.BeginObject();
  Int64Field(writer, "logIndex", entry.log_index);
  writer.Key("logId").BeginObject();
  BytesField(writer, "keyId", entry.log_id.span());
  writer.EndObject();
  writer.Key("kindVersion").BeginObject();
  TextField(writer, "kind", entry.kind);
  TextField(writer, "version", entry.version);
  writer.EndObject();
  Int64Field(writer, "integratedTime", entry.integrated_time);
  WriteProof(writer, entry);
  BytesField(writer, "canonicalizedBody", entry.canonicalized_body);
  writer.EndObject();
}

void WriteMaterial(json::Writer& writer, const Bundle& bundle) {
  const auto* key = std::get_if<PublicKeyHint>(&bundle.material);
  CARNET_CHECK(key != nullptr);
  writer.Key("verificationMaterial").BeginObject();
  writer.Key("publicKey").BeginObject();
  TextField(writer, "hint", key->hint);
  writer.EndObject();
  if (!bundle.entries.empty()) {
    writer.Key("tlogEntries").BeginArray();
    for (const LogEntry& entry : bundle.entries) WriteEntry(writer, entry);
    writer.EndArray();
  }
  writer.EndObject();
}

void WriteEnvelope(json::Writer& writer, const Envelope& envelope) {
  writer.Key("dsseEnvelope").BeginObject();
  BytesField(writer, "payload", envelope.payload);
  TextField(writer, "payloadType", envelope.payload_type);
  writer.Key("signatures").BeginArray().BeginObject();
  BytesField(writer, "sig", envelope.signature);
  TextField(writer, "keyid", envelope.keyid);
  writer.EndObject().EndArray().EndObject();
}

}  // namespace

PublicKeyHint HintOf(const KeyId& key) { return {Base64Encode(key.span())}; }

std::optional<KeyId> ParseKeyHint(std::string_view hint) { return Base64DecodeTo<KeyId>(hint); }

Result<Bundle> ReadBundle(std::string_view json) {
  if (json.ends_with('\n')) json.remove_suffix(1);
  CARNET_TRY(const json::Tree tree, json::Parse(json, kDocumentLimits));
  if (!json.ends_with('}')) return Malformed("not a JSON object, or trailing data after it");
  CARNET_TRY(const StrictObject bundle,
             StrictObject::Open(tree.root(), {"mediaType", "verificationMaterial",
                                              "messageSignature", "dsseEnvelope"}));
  CARNET_TRY_VOID(CheckMediaType(bundle));
  if (bundle.Find("messageSignature")) {
    return Unsupported("messageSignature: expected a DSSE attestation, found a message signature");
  }
  Bundle out;
  CARNET_TRY_VOID(ReadMaterial(bundle, out));
  CARNET_TRY(out.envelope, ReadEnvelope(bundle));
  return out;
}

Result<LogEntry> ReadLogEntry(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kDocumentLimits));
  return ReadEntry(tree.root());
}

std::string WriteBundle(const Bundle& bundle) {
  json::Writer writer;
  writer.BeginObject().Member("mediaType", kBundleMediaType);
  WriteMaterial(writer, bundle);
  WriteEnvelope(writer, bundle.envelope);
  writer.EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
