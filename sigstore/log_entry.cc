#include "sigstore/log_entry.h"

#include <fmt/core.h>

#include "core/base64.h"
#include "merkle/signed_note.h"
#include "sigstore/bundle_fields.h"

namespace carnet::sigstore {
namespace {

// The depth of a tree of 2^64 leaves; against time spent on one line.
constexpr size_t kMaxProofHashes = 64;

// Whether there is one.
Result<bool> ReadProof(const StrictObject& entry, ProofIs required, LogEntry& out) {
  if (required == ProofIs::kOptional && !entry.Find("inclusionProof")) return false;
  CARNET_TRY(
      const StrictObject proof,
      entry.Object("inclusionProof", {"logIndex", "rootHash", "treeSize", "hashes", "checkpoint"}));
  CARNET_TRY(out.proof_log_index, proof.Int64("logIndex"));
  CARNET_TRY(out.proof_root_hash, proof.Base64("rootHash"));
  CARNET_TRY(out.proof_tree_size, proof.Int64("treeSize"));
  CARNET_TRY(auto hash, proof.FirstItem("hashes", kMaxProofHashes));
  if (hash) out.proof.hashes.reserve(proof.Find("hashes")->size());
  for (; hash; hash = hash->next()) {
    CARNET_TRY(const NodeHash node, Base64To<NodeHash>(*hash, proof.spelling()));
    out.proof.hashes.push_back(node);
  }
  // Version 0.1 had proofs without one, which prove nothing: the root is nobody's.
  if (required == ProofIs::kOptional && !proof.Find("checkpoint")) return false;
  CARNET_TRY(const StrictObject checkpoint, proof.Object("checkpoint", {"envelope"}));
  CARNET_TRY(const std::string_view envelope, checkpoint.RequiredText("envelope"));
  if (envelope.size() > merkle::kMaxNoteBytes) {
    return FieldError(*checkpoint.Find("envelope"),
                      fmt::format("larger than {} bytes", merkle::kMaxNoteBytes));
  }
  out.checkpoint = envelope;
  return true;
}

Result<Bytes> ReadPromise(const StrictObject& entry) {
  if (!entry.Find("inclusionPromise")) return Bytes();
  CARNET_TRY(const StrictObject promise,
             entry.Object("inclusionPromise", {"signedEntryTimestamp"}));
  CARNET_TRY(Bytes timestamp, promise.Base64("signedEntryTimestamp"));
  if (timestamp.empty()) return promise.Missing("signedEntryTimestamp");
  return timestamp;
}

Result<LogId> ReadLogId(const StrictObject& entry) {
  CARNET_TRY(const StrictObject log_id, entry.Object("logId", {"keyId"}));
  CARNET_TRY(const json::Value key_id, log_id.Field("keyId"));
  return Base64To<LogId>(key_id, log_id.spelling());
}

Result<LogEntry> ReadFields(const StrictObject& entry, ProofIs proof) {
  CARNET_TRY(const LogId log_id, ReadLogId(entry));
  LogEntry out{.log_id = log_id};
  CARNET_TRY(out.log_index, entry.Int64("logIndex"));
  CARNET_TRY(const StrictObject kind_version, entry.Object("kindVersion", {"kind", "version"}));
  CARNET_TRY(out.kind, kind_version.Text("kind"));
  CARNET_TRY(out.version, kind_version.Text("version"));
  CARNET_TRY(out.integrated_time, entry.Int64("integratedTime"));
  CARNET_TRY(out.signed_entry_timestamp, ReadPromise(entry));
  CARNET_TRY(out.has_proof, ReadProof(entry, proof, out));
  CARNET_TRY(out.canonicalized_body, entry.Base64("canonicalizedBody"));
  return out;
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

}  // namespace

void Int64Field(json::Writer& writer, std::string_view key, uint64_t value) {
  if (value != 0) writer.Member(key, std::to_string(value));
}

void TextField(json::Writer& writer, std::string_view key, std::string_view value) {
  if (!value.empty()) writer.Member(key, value);
}

void BytesField(json::Writer& writer, std::string_view key, ByteSpan value) {
  if (!value.empty()) writer.Member(key, Base64Encode(value));
}

Result<LogEntry> ReadLogEntry(const StrictObject& parent, json::Value value, ProofIs proof) {
  CARNET_TRY(const StrictObject entry,
             parent.Item(value, {"logIndex", "logId", "kindVersion", "integratedTime",
                                 "inclusionPromise", "inclusionProof", "canonicalizedBody"}));
  return ReadFields(entry, proof);
}

Result<LogEntry> ReadForeignLogEntry(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kForeignLimits));
  CARNET_TRY(const StrictObject entry,
             StrictObject::Open(tree.root(),
                                {"logIndex", "logId", "kindVersion", "integratedTime",
                                 "inclusionPromise", "inclusionProof", "canonicalizedBody"},
                                Spelling::kProto3));
  return ReadFields(entry, ProofIs::kRequired);
}

void WriteLogEntry(json::Writer& writer, const LogEntry& entry) {
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

}  // namespace carnet::sigstore
