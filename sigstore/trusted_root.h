// trusted_root.json (Sigstore's TrustedRoot v0.1): the transparency logs that are trusted.
// Certificate and timestamp authorities must be well formed but are not used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "merkle/signed_note.h"

namespace carnet::sigstore {

inline constexpr std::string_view kTrustedRootMediaType =
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

struct TrustedLog {
  std::string base_url;  // written as `https://<origin>`
  merkle::NoteKey key;   // its name is the origin: the host of base_url
  TimestampMs valid_from;
  std::optional<TimestampMs> valid_until;
  std::string operator_name;  // empty when not given
};

struct TrustedRoot {
  std::vector<TrustedLog> logs;
  size_t skipped_logs = 0;  // keys that are not Ed25519 (Rekor v1) verify nothing here
};

// Errors: malformed (also: a logId other than the C2SP id of the key, no validFor.start),
// unsupported (media type).
Result<TrustedRoot> ReadTrustedRoot(std::string_view json);
std::string WriteTrustedRoot(const TrustedRoot& root);  // indented, LF at the end

}  // namespace carnet::sigstore
