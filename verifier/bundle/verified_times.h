// Times that somebody trusted vouches for: steps 2a and 2b of verify_bundle.h.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "sigstore/log_entry.h"
#include "sigstore/trusted_material.h"

namespace carnet::verifier::bundle {

struct VerifiedTime {
  TimestampMs time;
  std::string source;  // "token of https://tsa.example", for messages
};

// 2a. Absent where no authority of these has signed the token. Errors: rejected, malformed.
Result<std::optional<VerifiedTime>> JudgeToken(ByteSpan token, ByteSpan signature,
                                               std::span<const sigstore::Authority> authorities);

// 2b. Requires an entry with a promise. Errors: rejected.
Result<VerifiedTime> JudgePromise(const sigstore::LogEntry& entry, const sigstore::LogKey& log);

}  // namespace carnet::verifier::bundle
