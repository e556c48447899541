#include "remote/identity_token.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "core/ascii.h"
#include "core/base64.h"
#include "core/utf8.h"
#include "json/reader.h"

namespace carnet::remote {
namespace {

constexpr size_t kMaxClaimBytes = 2'048;

constexpr json::Limits kClaimLimits = {.max_bytes = kMaxIdentityTokenBytes,
                                       .max_depth = 8,
                                       .max_values = 1'024,
                                       .max_members = 256,
                                       .allow_null = true};

// RFC 7515: base64url without padding.
std::optional<std::string> DecodePart(std::string_view part) {
  std::string standard(part);
  for (char& c : standard) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  standard.append((4 - standard.size() % 4) % 4, '=');
  const auto bytes = Base64Decode(standard);
  if (!bytes) return std::nullopt;
  return std::string(AsText(*bytes));
}

bool IsTokenCharacter(char c) { return IsLetterOrDigit(c) || c == '-' || c == '_'; }

// The second of three parts; all of them look as they should.
Result<std::string> PayloadOf(std::string_view text) {
  const size_t first = text.find('.');
  const size_t second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos) return Malformed("is not of three parts, as a JWT is");
  for (const auto part : {text.substr(0, first), text.substr(first + 1, second - first - 1),
                          text.substr(second + 1)}) {
    if (part.empty() || !std::all_of(part.begin(), part.end(), &IsTokenCharacter)) {
      return Malformed("has a part that is not base64url");
    }
  }
  auto payload = DecodePart(text.substr(first + 1, second - first - 1));
  if (!payload) return Malformed("has a part that is not base64url");
  return *std::move(payload);
}

Result<std::string> TextClaim(json::Value claims, std::string_view name) {
  const auto claim = claims.Find(name);
  if (!claim || !claim->is(json::Type::kString) || claim->string().empty()) {
    return Malformed(fmt::format("{}: must be text", name));
  }
  const std::string_view text = claim->string();
  if (text.size() > kMaxClaimBytes || FindForbiddenCharacter(text)) {
    return Malformed(fmt::format("{}: is too long, or has characters that it must not", name));
  }
  return std::string(text);
}

bool IsForSigstore(json::Value claims) {
  const auto audience = claims.Find("aud");
  if (!audience) return false;
  if (audience->is(json::Type::kString)) return audience->string() == kSigstoreAudience;
  if (!audience->is(json::Type::kArray)) return false;
  for (auto item = audience->first_child(); item; item = item->next()) {
    if (item->is(json::Type::kString) && item->string() == kSigstoreAudience) return true;
  }
  return false;
}

Result<> CheckInForce(json::Value claims, TimestampMs now) {
  constexpr uint64_t kMsPerSecond = 1'000;
  const auto claim = claims.Find("exp");
  const auto seconds = claim && claim->is(json::Type::kNumber) ? claim->AsU64() : std::nullopt;
  if (!seconds || *seconds > std::numeric_limits<uint64_t>::max() / kMsPerSecond) {
    return Malformed("exp: must be a time in seconds");
  }
  const TimestampMs until(*seconds * kMsPerSecond);
  if (now < until) return Ok();
  return Rejected("the token has expired: get a fresh one");
}

// Some issuers write the truth as text.
bool IsVerified(json::Value claims) {
  const auto claim = claims.Find("email_verified");
  if (!claim) return false;
  if (claim->is(json::Type::kBool)) return claim->boolean();
  return claim->is(json::Type::kString) && claim->string() == "true";
}

Result<std::string> SubjectOf(json::Value claims) {
  const bool by_email = claims.Find("email").has_value() && IsVerified(claims);
  return TextClaim(claims, by_email ? "email" : "sub");
}

}  // namespace

Result<IdentityToken> IdentityToken::Parse(std::string_view text, TimestampMs now) {
  constexpr std::string_view kWhere = "identity token";
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() > kMaxIdentityTokenBytes) {
    return Malformed(fmt::format("{}: larger than {} bytes", kWhere, kMaxIdentityTokenBytes));
  }
  const auto parse = [&]() -> Result<IdentityToken> {
    CARNET_TRY(const std::string payload, PayloadOf(text));
    CARNET_TRY(const json::Tree tree, json::Parse(payload, kClaimLimits));
    const json::Value claims = tree.root();
    if (!claims.is(json::Type::kObject)) return Malformed("its payload is no JSON object");
    CARNET_TRY(std::string issuer, TextClaim(claims, "iss"));
    CARNET_TRY(std::string subject, SubjectOf(claims));
    if (!IsForSigstore(claims)) return Rejected("aud: the token is not for the audience sigstore");
    CARNET_TRY_VOID(CheckInForce(claims, now));
    return IdentityToken(std::string(text), std::move(subject), std::move(issuer));
  };
  auto token = parse();
  return token ? std::move(token) : token.error().In(kWhere);
}

}  // namespace carnet::remote
