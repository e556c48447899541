#include "verifier/bundle/certified_signer.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "verifier/bundle/token_times.h"
#include "verifier/bundle/trusted_certificate.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::SignerCertificate;

RefusedSigner Untrusted(const Error& error) {
  return {{5, RejectReason::kUntrustedCertificate}, "certificate: " + error.message};
}

// b
std::variant<const trust::TrustedIdentity*, RefusedSigner> FindListed(
    const SignerCertificate& certificate, const trust::Trust& trust) {
  const std::string who = IdentityText(certificate.identity);
  const sigstore::SanType type = certificate.identity.san_type;
  const sigstore::SanType expected = sigstore::ExpectedSanType(certificate.identity.san);
  if (Fails("R5 name-type", type != expected)) {
    return RefusedSigner{
        {5, RejectReason::kUnknownIdentity},
        fmt::format("the certificate is of {}: as a name of type {}, but such a text is of type {}",
                    who, sigstore::SanTypeName(type), sigstore::SanTypeName(expected)),
        "somebody may have had another's name certified under another type"};
  }
  const auto found = trust.FindIdentities(certificate);
  if (found.empty()) {
    return RefusedSigner{
        {5, RejectReason::kUnknownIdentity},
        fmt::format("the certificate is of {}: the trust directory does not list that", who),
        "a party that you trust has to vouch for this identity; `carnet trust add-identity` lists "
        "it"};
  }
  if (!Fails("R5 one-identity", found.size() > 1)) return found.front();
  return RefusedSigner{
      {5, RejectReason::kUnknownIdentity},
      fmt::format("the certificate is of {}: the trust directory lists that {} times, for {} and "
                  "for {}",
                  who, found.size(), found[0]->party, found[1]->party),
      "make the patterns of the trust directory narrower, so that one alone takes it"};
}

std::vector<sigstore::Authority> AuthoritiesOf(const trust::TrustedIdentity& identity,
                                               const trust::CertificateTrust& trust) {
  std::vector<sigstore::Authority> out;
  for (const sigstore::Authority& authority : trust.authorities) {
    const bool another = !identity.authority.empty() && authority.name != identity.authority;
    if (!Fails("R5 own-authority", another)) out.push_back(authority);
  }
  return out;
}

// As the trust directory lists a key once: two parties that count for one another must not be one.
Result<> CheckOwnKey(const SignerCertificate& certificate, const trust::TrustedIdentity& identity,
                     const trust::Trust& trust) {
  const trust::TrustedKey* listed = trust.FindSigner(SignerId(certificate.key.id()));
  if (!Fails("R5 own-key", listed != nullptr && listed->party != identity.party)) return Ok();
  return Rejected(
      fmt::format("the certificate of {}, whom the trust directory lists for {}, is for {}, which "
                  "it lists for {}",
                  IdentityText(certificate.identity), identity.party, listed->signer().ToString(),
                  listed->party));
}

// d
Result<> CheckTrusted(const SignerCertificate& certificate, const trust::TrustedIdentity& identity,
                      const trust::CertificateTrust& trust, const std::vector<TimestampMs>& times,
                      std::optional<crypto::Certificate>& issuer) {
  const auto authorities = AuthoritiesOf(identity, trust);
  for (const TimestampMs time : times) {
    CARNET_TRY(auto path, FindTrustedPath(certificate.certificate, {}, authorities, time));
    issuer = path[1];
  }
  auto use = CheckLeafUse(certificate.certificate);
  if (Fails("R5 leaf-use", !use)) return use;
  return Ok();
}

}  // namespace

std::variant<CertifiedSigner, RefusedSigner> JudgeCertificate(const sigstore::Bundle& bundle,
                                                              const trust::Trust& trust,
                                                              TimestampMs now) {
  const trust::CertificateTrust& certificates = trust.certificates();
  auto read =
      sigstore::ReadSignerCertificate(std::get<sigstore::Certificate>(bundle.material).der);  // a
  if (!read) return Untrusted(read.error());
  const auto listed = FindListed(*read, trust);  // b
  if (const auto* refused = std::get_if<RefusedSigner>(&listed)) return *refused;
  const auto* identity = std::get<const trust::TrustedIdentity*>(listed);
  if (const auto own = CheckOwnKey(*read, *identity, trust); !own) return Untrusted(own.error());
  const auto times = TokenTimes(bundle, certificates.timestamp_authorities, now);  // c
  if (!times) {
    return RefusedSigner{{5, RejectReason::kNoVerifiedTime},
                         times.error().message,
                         "a certificate counts with a time stamp over the signature, of an "
                         "authority in the trust directory's trusted_root.json"};
  }
  std::optional<crypto::Certificate> issuer;
  if (const auto trusted = CheckTrusted(*read, *identity, certificates, *times, issuer);  // d
      !trusted) {
    return Untrusted(trusted.error());
  }
  const bool has_logs = !certificates.certificate_logs.empty();
  if (has_logs) {  // e
    const auto seen =
        CheckCertificateTimestamps(read->certificate, *issuer, certificates.certificate_logs);
    if (Fails("R5 sct", !seen))
      return RefusedSigner{{5, RejectReason::kBadSct}, seen.error().message};
  }
  return CertifiedSigner{*std::move(read), identity, *times, has_logs};
}

}  // namespace carnet::verifier::bundle
