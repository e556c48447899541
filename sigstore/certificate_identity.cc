#include "sigstore/certificate_identity.h"

#include "core/utf8.h"
#include "crypto/sha256.h"
#include "schemas/limits.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kDomain = "carnet-identity-v1\n";

std::string_view NameOf(SanType type) {
  switch (type) {
    case SanType::kEmail:
      return "email";
    case SanType::kUri:
      return "uri";
    case SanType::kDns:
      return "dns";
    case SanType::kOtherName:
      return "other-name";
  }
  CARNET_CHECK(false);
}

Result<> CheckText(std::string_view what, std::string_view text) {
  const std::string where(what);
  if (text.empty()) return Malformed(where + ": empty");
  if (text.size() > schemas::kMaxTextBytes) {
    return Malformed(where + ": longer than " + std::to_string(schemas::kMaxTextBytes) + " bytes");
  }
  if (!IsValidUtf8(text)) return Malformed(where + ": not UTF-8");
  if (const auto at = FindForbiddenCharacter(text)) {
    return Malformed(where + ": control or invisible character at byte " + std::to_string(*at));
  }
  return Ok();
}

}  // namespace

Result<SignerId> SignerOf(const CertificateIdentity& identity) {
  CARNET_TRY_VOID(CheckText("issuer", identity.issuer));
  CARNET_TRY_VOID(CheckText("subject alternative name", identity.san));
  crypto::Sha256 hash;
  hash.Update(kDomain).Update(identity.issuer).Update("\n");
  hash.Update(NameOf(identity.san_type)).Update(":").Update(identity.san);
  return SignerId(Retag<IdentityDigest>(hash.Finish()));
}

}  // namespace carnet::sigstore
