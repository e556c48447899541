#include "verifier/bundle/verified_times.h"

#include <fmt/core.h>

#include "core/base64.h"
#include "core/hex.h"
#include "crypto/rfc3161.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::Authority;
using sigstore::LogEntry;
using sigstore::LogKey;

// Until the year 9999, which messages can still write.
constexpr uint64_t kMaxSeconds = 253'402'300'799;

// What the log signed: RFC 8785 of four members. Base64 and hex need no escapes.
std::string PromisedText(const LogEntry& entry) {
  return fmt::format(R"({{"body":"{}","integratedTime":{},"logID":"{}","logIndex":{}}})",
                     Base64Encode(entry.canonicalized_body), entry.integrated_time,
                     HexEncode(entry.log_id.span()), entry.log_index);
}

}  // namespace

Result<std::optional<VerifiedTime>> JudgeToken(ByteSpan token, ByteSpan signature,
                                               std::span<const Authority> authorities) {
  if (const auto form = crypto::CheckTimestampForm(token); Fails("2a form", !form)) {
    return form.error().In("time stamp");
  }
  std::optional<Error> refused;
  for (const Authority& authority : authorities) {
    const auto verified = crypto::VerifyTimestamp(token, signature, authority.chain);
    if (!verified) {
      if (!Fails("2a token", verified.error().code != ErrorCode::kNotFound)) continue;  // another's
      refused = verified.error().In("token of " + authority.name);
      continue;  // the same certificate may stand below another one
    }
    if (!Fails("2a authority-window", !authority.valid.Contains(verified->time))) {
      return std::optional(VerifiedTime{verified->time, "token of " + authority.name});
    }
    // The same certificate may stand under another validFor.
    refused = Rejected(fmt::format("token of {}: states {}, but the authority is trusted from {}",
                                   authority.name, FormatTimestamp(verified->time),
                                   authority.valid.ToString()));
  }
  if (refused) return *refused;
  return std::optional<VerifiedTime>();
}

Result<VerifiedTime> JudgePromise(const LogEntry& entry, const LogKey& log) {
  const std::string signed_text = PromisedText(entry);
  const auto checked =
      log.key.Verify(log.scheme, AsBytes(signed_text), entry.signed_entry_timestamp);
  if (Fails("2b signature", checked != crypto::SignatureCheck::kGood)) {
    return Rejected(fmt::format("the promise of {} is not signed by the log's key", log.name));
  }
  if (Fails("2b time", entry.integrated_time == 0) ||
      Fails("2b time-that-can-be-written", entry.integrated_time > kMaxSeconds)) {
    return Rejected(
        fmt::format("the promise of {} states no time: {}", log.name, entry.integrated_time));
  }
  const TimestampMs time(entry.integrated_time * 1'000);
  if (Fails("2b log-window", !log.valid.Contains(time))) {
    return Rejected(fmt::format("the promise of {} states {}, but the log's key is trusted from {}",
                                log.name, FormatTimestamp(time), log.valid.ToString()));
  }
  return VerifiedTime{time, "promise of " + log.name};
}

}  // namespace carnet::verifier::bundle
