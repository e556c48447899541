// The bundle that OpenSSF Model Signing keeps a signature in (specification v1.0, sections 4 and
// 11.1): a Sigstore bundle v0.3 with one DSSE envelope. Unlike sigstore/bundle.h it has certificate
// chains and the forms of older signers, and null is "absent". Log entries are not looked into
// here: they are read by who verifies them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "sigstore/dsse.h"

namespace carnet::sigstore {

// Against memory; the largest production signatures have 40 KB, half a million files 130 MB.
inline constexpr uint64_t kMaxOmsBundleBytes = uint64_t{160} << 20;

// Names the key: hex SHA-256 of its PEM text. "" where an older signer put the key itself there,
// which nobody may believe.
struct OmsKeyHint {
  std::string hint;
};
// Leaf first, DER.
struct OmsCertificateChain {
  std::vector<Bytes> certificates;
};
// The one certificate of a signature by Sigstore's rules, which has log entries.
struct OmsSigstoreCertificate {
  Bytes der;
};
using OmsMaterial = std::variant<OmsKeyHint, OmsCertificateChain, OmsSigstoreCertificate>;

struct OmsBundle {
  OmsMaterial material;
  Envelope envelope;
  std::vector<Bytes> timestamps = {};  // RFC 3161 responses over the signature, DER; not judged
};

// Hex SHA-256 of the PEM text of a SubjectPublicKeyInfo: what OpenSSL writes, LF at the end.
std::string OmsHintOf(ByteSpan spki);

// One bundle, no trailing bytes but white space. Errors: malformed, with the field's path;
// unsupported for another version of the format or a message signature.
Result<OmsBundle> ReadOmsBundle(std::string_view json);

// Compact JSON without LF. Requires a key hint or a chain.
std::string WriteOmsBundle(const OmsBundle& bundle);

}  // namespace carnet::sigstore
