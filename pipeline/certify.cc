#include "pipeline/certify.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "crypto/sct.h"
#include "sigstore/signer_certificate.h"
#include "verifier/bundle/trusted_certificate.h"

namespace carnet::pipeline {
namespace {

namespace bundle = verifier::bundle;

enum class LoggedIs { kDemanded, kWhereStated };

Result<> CheckTrusted(const crypto::Certificate& leaf, const sigstore::TrustedMaterial& trusted,
                      LoggedIs logged, TimestampMs now) {
  CARNET_TRY_VOID(bundle::CheckLeafUse(leaf));
  // This machine's clock may differ from the authority's by more than nothing; the time that counts
  // is that of the time stamp.
  const TimestampMs at = std::clamp(now, leaf.not_before(), leaf.not_after());
  CARNET_TRY(const auto path,
             bundle::FindTrustedPath(leaf, {}, trusted.certificate_authorities, at));
  CARNET_TRY(const auto timestamps, crypto::ReadCertificateTimestamps(leaf));
  if (logged == LoggedIs::kWhereStated && timestamps.empty()) return Ok();
  return bundle::CheckCertificateTimestamps(leaf, path[1], trusted.ct_logs);
}

// A gate refuses it whatever its trust directory says (R5), so nothing is signed with it.
Result<> CheckNameType(const crypto::Certificate& leaf) {
  CARNET_TRY(const auto read, sigstore::ReadSignerCertificate(leaf.der()));
  const sigstore::SanType type = read.identity.san_type;
  const sigstore::SanType expected = sigstore::ExpectedSanType(read.identity.san);
  if (type == expected) return Ok();
  return Rejected(fmt::format(
      "the certificate is of {}: as a name of type {}, but such a text is "
      "of type {}",
      Printable(read.identity.san), sigstore::SanTypeName(type), sigstore::SanTypeName(expected)));
}

Result<std::unique_ptr<signer::Signer>> CertifyChecked(std::unique_ptr<signer::Signer> signer,
                                                       const crypto::Certificate& leaf,
                                                       const sigstore::TrustedMaterial& trusted,
                                                       LoggedIs logged, TimestampMs now) {
  CARNET_TRY(auto certified, signer::Signer::Certified(std::move(signer), leaf.der()));
  CARNET_TRY_VOID(CheckNameType(leaf));
  CARNET_TRY_VOID(CheckTrusted(leaf, trusted, logged, now));
  return certified;
}

}  // namespace

Result<std::unique_ptr<signer::Signer>> Certify(std::unique_ptr<signer::Signer> signer,
                                                const crypto::Certificate& certificate,
                                                const sigstore::TrustedMaterial& trusted,
                                                TimestampMs now) {
  if (!certificate.ValidAt(now)) {
    return Rejected(fmt::format("the certificate is valid from {} to {}, and not now",
                                FormatTimestamp(certificate.not_before()),
                                FormatTimestamp(certificate.not_after())));
  }
  return CertifyChecked(std::move(signer), certificate, trusted, LoggedIs::kWhereStated, now);
}

Result<std::unique_ptr<signer::Signer>> CertifyBy(const CertificateAuthority& authority,
                                                  std::unique_ptr<signer::Signer> signer,
                                                  const sigstore::TrustedMaterial& trusted,
                                                  TimestampMs now) {
  CARNET_TRY(const auto chain, authority.ask(signer->key()));
  auto certified =
      CertifyChecked(std::move(signer), chain.front(), trusted, LoggedIs::kDemanded, now);
  if (certified) return certified;
  return certified.error().In("the certificate of " + authority.name);
}

}  // namespace carnet::pipeline
