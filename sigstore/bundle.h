// Sigstore bundle v0.3: one DSSE envelope, verification material `publicKey.hint` or one leaf
// `certificate`, transparency-log entries, time stamps. The reader is strict: known fields only,
// standard base64, each key once. The writer's output is byte-compatible in form with cosign 3.1's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "sigstore/dsse.h"
#include "sigstore/log_entry.h"

namespace carnet::sigstore {

inline constexpr std::string_view kBundleMediaType =
    "application/vnd.dev.sigstore.bundle.v0.3+json";

// Names a key that the verifier must have: base64(SHA-256(SPKI)). Any text, as R5 judges it.
struct PublicKeyHint {
  std::string hint;
};
// The signer's X.509 certificate. Any bytes, as R5 judges it.
struct Certificate {
  Bytes der;
};
using VerificationMaterial = std::variant<PublicKeyHint, Certificate>;

struct Bundle {
  VerificationMaterial material;
  std::vector<LogEntry> entries;
  std::vector<Bytes> timestamps;  // RFC 3161 responses over the signature, DER; kept, not judged
  Envelope envelope;
};

// The hint that names this key.
PublicKeyHint HintOf(const KeyId& key);
// The key id that a hint names; absent for any other text.
std::optional<KeyId> ParseKeyHint(std::string_view hint);

// One bundle, no trailing bytes but one LF. Errors: malformed, with the field's path (also: an
// envelope with a keyid); unsupported for another version of the format, a
// certificate chain (of which version 0.3 has none), or a message signature.
Result<Bundle> ReadBundle(std::string_view json);

// Compact JSON as cosign writes it (zero values left out), without LF.
std::string WriteBundle(const Bundle& bundle);

}  // namespace carnet::sigstore
