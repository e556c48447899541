#include "sigstore/certificate_identity.h"

#include "core/utf8.h"
#include "crypto/sha256.h"
#include "schemas/limits.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kDomain = "carnet-identity-v1\n";

bool BeginsWithScheme(std::string_view text) {
  constexpr std::string_view kSchemeCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const size_t end = text.find_first_not_of(kSchemeCharacters);
  return end != 0 && end != text.npos && text.substr(end).starts_with("://");
}

constexpr char kIssuer[] = "1.3.6.1.4.1.57264.1.8";
constexpr char kOldIssuer[] = "1.3.6.1.4.1.57264.1.1";
constexpr std::string_view kFulcioName = "1.3.6.1.4.1.57264.1.7";

Result<std::string> IssuerOf(const crypto::Certificate& certificate) {
  CARNET_TRY(auto issuer, certificate.Utf8Extension(kIssuer));
  if (issuer) return *std::move(issuer);
  const auto old = certificate.Extension(kOldIssuer);
  if (!old) return Rejected("the certificate does not say who issued its identity");
  return std::string(AsText(*old));
}

Result<SanType> TypeOf(const crypto::AlternativeName& name) {
  switch (name.form) {
    case crypto::AlternativeNameForm::kEmail:
      return SanType::kEmail;
    case crypto::AlternativeNameForm::kDns:
      return SanType::kDns;
    case crypto::AlternativeNameForm::kUri:
      return SanType::kUri;
    case crypto::AlternativeNameForm::kOtherName:
      if (name.other_name_type == kFulcioName) return SanType::kOtherName;
      return Rejected("the certificate has a name of another type, " + name.other_name_type);
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

std::string_view SanTypeName(SanType type) {
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

SanType ExpectedSanType(std::string_view san) {
  if (BeginsWithScheme(san)) return SanType::kUri;
  if (san.find('@') != san.npos) return SanType::kEmail;
  return san.find('!') != san.npos ? SanType::kOtherName : SanType::kDns;
}

Result<CertificateIdentity> IdentityOf(const crypto::Certificate& certificate) {
  const auto& names = certificate.alternative_names();
  const size_t count = certificate.alternative_name_count();
  if (count != 1) {
    return Rejected("expected one subject alternative name, found " + std::to_string(count));
  }
  if (names.empty()) return Rejected("the subject alternative name is of a form that names nobody");
  CARNET_TRY(std::string issuer, IssuerOf(certificate));
  CARNET_TRY(const SanType type, TypeOf(names.front()));
  CARNET_TRY_VOID(CheckText("issuer", issuer));
  CARNET_TRY_VOID(CheckText("subject alternative name", names.front().text));
  return CertificateIdentity{std::move(issuer), type, names.front().text};
}

Result<SignerId> SignerOf(const CertificateIdentity& identity) {
  CARNET_TRY_VOID(CheckText("issuer", identity.issuer));
  CARNET_TRY_VOID(CheckText("subject alternative name", identity.san));
  crypto::Sha256 hash;
  hash.Update(kDomain).Update(identity.issuer).Update("\n");
  hash.Update(SanTypeName(identity.san_type)).Update(":").Update(identity.san);
  return SignerId(Retag<IdentityDigest>(hash.Finish()));
}

}  // namespace carnet::sigstore
