// Rekor v2's write API (rekor-tiles): a signature goes in, its entry in the log comes out.
#pragma once

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "remote/http_client.h"
#include "sigstore/bundle.h"

namespace carnet::remote {

// The limit of Sigstore's own client.
inline constexpr uint64_t kMaxLogAnswerBytes = uint64_t{10} << 20;

// What is logged: hashedrekord 0.0.2, by a key on P-256 or a certificate for one.
struct LogRequest {
  Sha256Digest digest;     // of what was signed: an artifact, or an envelope's encoding (PAE)
  Bytes signature;         // DER
  Bytes spki;              // DER; empty where `certificate` is given
  Bytes certificate = {};  // DER; empty where `spki` is given
};

// `log` is its address as in a signing configuration. The answer is an entry of exactly what was
// sent, with indices that agree; its proof and checkpoint are for whoever has the log's key to
// verify. Requires limits of at least kMaxLogAnswerBytes and 20 s. Errors: conflict where the log
// has the entry already; rejected, malformed (no such entry), io.
Result<sigstore::LogEntry> AddToLog(const LogRequest& entry, const Url& log,
                                    const HttpClient& http);

}  // namespace carnet::remote
