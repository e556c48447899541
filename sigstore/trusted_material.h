// Everything that a trusted_root.json vouches for (Sigstore's TrustedRoot, protobuf-specs,
// sigstore_trustroot.proto): transparency logs with keys of any kind, certificate authorities,
// certificate-transparency logs, time stamping authorities. Parsed once, used for many bundles. A
// value; thread safe to read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/public_key.h"

namespace carnet::sigstore {

// Closed at both ends, as Sigstore's clients read it.
struct ValidFor {
  TimestampMs from;
  std::optional<TimestampMs> until;

  bool Contains(TimestampMs time) const { return from <= time && (!until || time <= *until); }
  std::string ToString() const;  // "2025-01-01T00:00:00.000Z to …", for messages
  friend bool operator==(const ValidFor&, const ValidFor&) = default;
};

struct LogKey {
  std::string path;  // where it stands in the file, for messages: "tlogs[0]"
  std::string base_url;
  std::string name;  // the host of base_url: who signs its checkpoints; empty where there is none
  crypto::PublicKey key;
  crypto::SignatureScheme scheme;
  LogId id;                 // what entries and SCTs name the log by
  Bytes checkpoint_key_id;  // of which a checkpoint's line shows the first 4 bytes
  ValidFor valid;
  std::string operator_name;  // empty when not given
};

struct Authority {
  std::string name;                        // its URI, or the common name, for messages
  std::vector<crypto::Certificate> chain;  // signer or first CA … anchor
  ValidFor valid;
};

struct TrustedMaterial {
  std::vector<LogKey> logs;
  std::vector<Authority> certificate_authorities;
  std::vector<LogKey> ct_logs;
  std::vector<Authority> timestamp_authorities;
  // Keys of kinds that are not known here and so vouch for nothing, as "tlogs[2]: ML_DSA_65".
  std::vector<std::string> skipped;
  size_t skipped_logs = 0;  // of those, transparency logs
};

inline constexpr std::string_view kTrustedRootMediaType =
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

// Of files whose logs name their operators; sigstore-go 1.2 reads version 0.1 only.
inline constexpr std::string_view kTrustedRootMediaType02 =
    "application/vnd.dev.sigstore.trustedroot.v0.2+json";

// Versions 0.1, in both spellings, and 0.2 of the media type. Unknown fields are refused; null is
// absent. Errors: malformed, with the field's path (also: a log without validFor.start, two logs
// with one id, a certificate that cannot be read), unsupported (media type).
Result<TrustedMaterial> ReadTrustedMaterial(std::string_view json);

}  // namespace carnet::sigstore
