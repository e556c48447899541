// The body of a transparency-log entry that somebody else made (Rekor's pluggable types): what it
// says was signed, with which signature, by which key. Read for comparison with the bundle that
// carries it; the log's proof is over its bytes. Our own leaves: sigstore/hashedrekord.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace carnet::sigstore {

enum class EntryKind { kHashedRekord001, kHashedRekord002, kDsse001, kIntoto002 };

struct StatedDigest {
  crypto::HashAlgorithm algorithm;
  Bytes digest;
};

// A signature and who made it: as the entry has it, a certificate or a bare key.
struct LoggedSignature {
  Bytes signature;
  Bytes spki;         // DER; empty where `certificate` is given
  Bytes certificate;  // DER; empty where `spki` is given
};

struct EntryBody {
  EntryKind kind;
  // Of a hashedrekord: the digest of what was signed (an artifact, or an envelope's PAE). Of dsse
  // and intoto: of the envelope's payload.
  StatedDigest digest;
  std::vector<LoggedSignature> signatures;       // one, but for dsse and intoto
  std::optional<crypto::KeyKind> key_kind = {};  // stated by hashedrekord 0.0.2 only
  std::optional<std::string> payload_type = {};  // stated by intoto only
};

// Errors: malformed (also: a kind and version other than those four, unknown fields, a `kind` or
// `apiVersion` that is not what `stated_kind` and `stated_version` say), with the field's path;
// unsupported, of hashedrekord 0.0.2 with another hash.
Result<EntryBody> ReadEntryBody(std::string_view body, std::string_view stated_kind,
                                std::string_view stated_version);

}  // namespace carnet::sigstore
