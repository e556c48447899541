#include "crypto/rfc3161.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/ascii.h"
#include "core/check.h"
#include "crypto/message_digest.h"
#include "crypto/openssl_error.h"
#include "crypto/timestamp_response.h"
#include "crypto/timestamp_signer.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {
namespace {

std::optional<HashAlgorithm> AcceptedHash(const X509_ALGOR& algorithm) {
  const ASN1_OBJECT* type = nullptr;
  int parameters = 0;
  X509_ALGOR_get0(&type, &parameters, nullptr, &algorithm);
  if (parameters != V_ASN1_UNDEF && parameters != V_ASN1_NULL) return std::nullopt;
  switch (OBJ_obj2nid(type)) {
    case NID_sha256:
      return HashAlgorithm::kSha256;
    case NID_sha384:
      return HashAlgorithm::kSha384;
    case NID_sha512:
      return HashAlgorithm::kSha512;
    default:
      return std::nullopt;
  }
}

// Check 3.
Result<HashAlgorithm> CheckImprint(TS_TST_INFO& info, ByteSpan message) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(&info);
  const auto hash = AcceptedHash(*TS_MSG_IMPRINT_get_algo(imprint));
  if (!hash) return Rejected("time stamp's imprint is not by SHA-256, SHA-384 or SHA-512");
  const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(imprint);
  const uint8_t* data = ASN1_STRING_get0_data(digest);
  if (Bytes(data, data + ASN1_STRING_length(digest)) != DigestOf(*hash, message)) {
    return Rejected("time stamp's imprint is not the digest of what was to be stamped");
  }
  return *hash;
}

// `YYYYMMDDhhmmss[.fraction]Z` (RFC 3161 section 2.4.2). By hand, as OpenSSL drops fractions.
Result<TimestampMs> ReadGenTime(TS_TST_INFO& info) {
  constexpr size_t kSeconds = 14, kFraction = 9;
  const ASN1_GENERALIZEDTIME* time = TS_TST_INFO_get_time(&info);
  const std::string_view text =
      AsText({ASN1_STRING_get0_data(time), static_cast<size_t>(ASN1_STRING_length(time))});
  if (text.size() <= kSeconds || !std::all_of(text.begin(), text.begin() + kSeconds, IsDigit)) {
    return Malformed("time stamp's time is not a GeneralizedTime");
  }
  std::string_view fraction = text.substr(kSeconds);
  if (fraction.back() != 'Z') return Malformed("time stamp's time is not in UTC");
  fraction.remove_suffix(1);
  const bool plain =
      fraction.empty() ||
      (fraction.front() == '.' && std::all_of(fraction.begin() + 1, fraction.end(), IsDigit));
  if (!plain) return Malformed("time stamp's time is not a GeneralizedTime");
  const auto part = [&](size_t at, size_t size) { return text.substr(at, size); };
  auto read = ParseRfc3339(fmt::format("{}-{}-{}T{}:{}:{}{}Z", part(0, 4), part(4, 2), part(6, 2),
                                       part(8, 2), part(10, 2), part(12, 2),
                                       fraction.substr(0, 1 + kFraction)));
  return read ? std::move(read) : read.error().In("time stamp's time");
}

// Check 5.
Result<> CheckChain(TimestampChain chain, TimestampMs at) {
  const auto between = chain.subspan(1, chain.size() < 2 ? 0 : chain.size() - 2);
  CARNET_TRY(const auto path, FindPath(chain.front(), between, chain.last(1), at));
  for (const Certificate& authority : std::span(path).subspan(1)) {
    if (authority.has_extended_key_usage() && !authority.allows_time_stamping()) {
      return Rejected(authority.SubjectText() + ": not for authorities of time stamps");
    }
  }
  return Ok();
}

// Check 6.
Result<> CheckSigner(const Certificate& signer) {
  if (signer.is_ca()) return Rejected("time stamp's signer is a CA");
  if (!signer.allows_only_time_stamping() || !signer.extended_key_usage_critical()) {
    return Rejected("time stamp's signer: extended key usage is not critical timeStamping alone");
  }
  return Ok();
}

}  // namespace

Result<> CheckTimestampForm(ByteSpan response) {
  CARNET_TRY([[maybe_unused]] const TimestampResponse parsed, ReadTimestampResponse(response));
  return Ok();
}

Result<TimestampToken> VerifyTimestamp(ByteSpan response, ByteSpan message, TimestampChain chain) {
  if (chain.empty()) return Rejected("time stamping authority has no certificate");
  CARNET_TRY(const TimestampResponse parsed, ReadTimestampResponse(response));  // 1
  CARNET_TRY_VOID(CheckTokenSigner(*parsed.token(), chain));                    // 2
  CARNET_TRY(const HashAlgorithm hash, CheckImprint(*parsed.info, message));    // 3
  CARNET_TRY(const TimestampMs time, ReadGenTime(*parsed.info));
  CARNET_TRY_VOID(CheckTokenSignature(*parsed.token(), chain.front()));  // 4
  auto path = CheckChain(chain, time);                                   // 5
  if (!path) return path.error().In("time stamp's certificate");
  CARNET_TRY_VOID(CheckSigner(chain.front()));  // 6
  return TimestampToken{time, hash};
}

}  // namespace carnet::crypto
