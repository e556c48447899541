// A Sigstore bundle that somebody else wrote, for the general verifier: versions 0.1, 0.2 and 0.3
// in both spellings of their media type, keys, certificates and chains, attestations and message
// signatures (protobuf-specs, sigstore_bundle.proto). Lines of passports are narrower: ReadBundle.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/digest.h"
#include "sigstore/bundle.h"
#include "sigstore/dsse.h"
#include "sigstore/log_entry.h"

namespace carnet::sigstore {

enum class BundleVersion { k01, k02, k03 };

// Leaf first, DER; never a root. Versions 0.1 and 0.2 only.
struct CertificateChain {
  std::vector<Bytes> certificates;
};

struct MessageSignature {
  crypto::HashAlgorithm digest_algorithm;
  Bytes digest;  // a hint of what was signed, itself not signed
  Bytes signature;
};

using ForeignMaterial = std::variant<PublicKeyHint, Certificate, CertificateChain>;

struct ForeignBundle {
  BundleVersion version;
  ForeignMaterial material;  // a hint may be empty
  std::vector<LogEntry> entries;
  std::vector<Bytes> timestamps;  // RFC 3161 responses, DER
  std::variant<Envelope, MessageSignature> content;

  // What the log entry and the time-stamp tokens are about.
  const Bytes& signature() const;
};

inline constexpr uint64_t kMaxBundleBytes = 32 << 20;  // against memory; cosign's payload limit
inline constexpr size_t kMaxChainCertificates = 10;    // against time spent on paths

// One bundle in proto3 JSON, nothing after it but white space. Unknown fields are refused, as
// Go's reader does. What each version demands is checked: 0.1 an inclusion promise, 0.2 and 0.3 an
// inclusion proof with a checkpoint in each entry; 0.3 one certificate instead of a chain.
// Errors: malformed, with the field's path; unsupported for another version.
Result<ForeignBundle> ReadForeignBundle(std::string_view json);

}  // namespace carnet::sigstore
