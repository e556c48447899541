// Private to sigstore/: the parts of a bundle's JSON that ours and those of others have in common.
#pragma once

#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "json/writer.h"
#include "sigstore/bundle.h"
#include "sigstore/dsse.h"
#include "sigstore/log_entry.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {

enum class ProofIs { kRequired, kOptional };

// All read in the spelling of the object that they are given.
Result<LogEntry> ReadLogEntry(const StrictObject& parent, json::Value value, ProofIs proof);
Result<std::vector<LogEntry>> ReadLogEntries(const StrictObject& material, ProofIs proof);
// RFC 3161 responses, DER.
Result<std::vector<Bytes>> ReadTimestamps(const StrictObject& material);
// Exactly one signature. A `keyid` says nothing that is signed: ours has none, and where others
// have one it is not kept.
Result<Envelope> ReadEnvelope(const StrictObject& bundle);

// proto3 JSON: zero values are left out, int64 is a decimal string.
// The member `verificationMaterial`.
void WriteVerificationMaterial(json::Writer& writer, const VerificationMaterial& material,
                               const std::vector<LogEntry>& entries,
                               const std::vector<Bytes>& timestamps);
void WriteLogEntry(json::Writer& writer, const LogEntry& entry);
void Int64Field(json::Writer& writer, std::string_view key, uint64_t value);
void TextField(json::Writer& writer, std::string_view key, std::string_view value);
void BytesField(json::Writer& writer, std::string_view key, ByteSpan value);

}  // namespace carnet::sigstore
