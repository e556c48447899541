// Sigstore bundle v0.3: one DSSE envelope, verification material `publicKey.hint`,
// transparency-log entries. The reader is strict: known fields only, standard
// base64, each key once. The writer's output is byte-compatible in form with cosign 3.1's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/proof.h"
#include "sigstore/dsse.h"

namespace carnet::sigstore {

inline constexpr std::string_view kBundleMediaType =
    "application/vnd.dev.sigstore.bundle.v0.3+json";

struct LogEntry {
  uint64_t log_index = 0;  // absent means 0
  LogId log_id;
  std::string kind = {};     // "hashedrekord"
  std::string version = {};  // "0.0.2"
  uint64_t integrated_time = 0;
  bool has_inclusion_promise = false;  // Rekor v1's SET; never written, refused by R11

  uint64_t proof_log_index = 0;
  Bytes proof_root_hash = {};  // as given; R11 compares it with the checkpoint's
  uint64_t proof_tree_size = 0;
  merkle::InclusionProof proof = {};
  std::string checkpoint = {};  // the whole signed note
  Bytes canonicalized_body = {};
};

// Names a key that the verifier must have: base64(SHA-256(SPKI)). Any text, as R5 judges it.
struct PublicKeyHint {
  std::string hint;
};
// An X.509 certificate, DER. Not read and not written: ReadBundle refuses one, and R5 with it.
struct Certificate {
  Bytes der;
};
using VerificationMaterial = std::variant<PublicKeyHint, Certificate>;

struct Bundle {
  VerificationMaterial material;
  std::vector<LogEntry> entries;
  Envelope envelope;
};

// The hint that names this key.
PublicKeyHint HintOf(const KeyId& key);
// The key id that a hint names; absent for any other text.
std::optional<KeyId> ParseKeyHint(std::string_view hint);

// One bundle, no trailing bytes but one LF. Timestamps (RFC 3161) are skipped but must be well
// formed. Errors: malformed, with the field's path; unsupported for another version of the
// format, a certificate, or a message signature.
Result<Bundle> ReadBundle(std::string_view json);

// One entry by itself, as Rekor v2 answers (TransparencyLogEntry). Errors: malformed.
Result<LogEntry> ReadLogEntry(std::string_view json);

// Compact JSON as cosign writes it (zero values left out), without LF. Requires a public-key hint.
std::string WriteBundle(const Bundle& bundle);

}  // namespace carnet::sigstore
