// Identity tokens (OpenID Connect; JWT, RFC 7519): who asks a certificate authority for a
// certificate. Read, not verified: that is the authority's task. Here they say what the proof of
// possession is over, and early what the authority would refuse.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/timestamp.h"

namespace carnet::remote {

inline constexpr size_t kMaxIdentityTokenBytes = 16 * 1024;
inline constexpr std::string_view kSigstoreAudience = "sigstore";

class IdentityToken {
 public:
  // In compact form; one LF at the end is left out. Errors: malformed; rejected where it has
  // expired at `now`, or is for another audience.
  static Result<IdentityToken> Parse(std::string_view text, TimestampMs now);

  // A bearer credential: for the authority alone, and never in messages.
  const std::string& text() const { return text_; }
  // The email address where there is one and it is verified, else the `sub` claim.
  const std::string& subject() const { return subject_; }
  const std::string& issuer() const { return issuer_; }

 private:
  IdentityToken(std::string text, std::string subject, std::string issuer)
      : text_(std::move(text)), subject_(std::move(subject)), issuer_(std::move(issuer)) {}
  std::string text_;
  std::string subject_;
  std::string issuer_;
};

}  // namespace carnet::remote
