#include "verifier/line_signer.h"

#include <fmt/core.h>

#include "core/utf8.h"

namespace carnet::verifier {
namespace {

constexpr size_t kMaxIdentityBytes = 200;  // of 4,096: a message names more than the signer

const trust::TrustedSigner& AsListed(const trust::TrustedKey* key) { return *key; }
const trust::TrustedSigner& AsListed(const CertifiedSigner& certified) { return *certified.listed; }

}  // namespace

const trust::TrustedSigner& LineSigner::listed() const {
  return std::visit(
      [](const auto& signer) -> const trust::TrustedSigner& { return AsListed(signer); }, signer_);
}

SignerId LineSigner::id() const {
  const CertifiedSigner* of = certified();
  return of == nullptr ? std::get<const trust::TrustedKey*>(signer_)->signer()
                       : of->certificate.signer;
}

const crypto::P256PublicKey& LineSigner::key() const {
  const CertifiedSigner* of = certified();
  return of == nullptr ? std::get<const trust::TrustedKey*>(signer_)->key : of->certificate.key;
}

std::string LineSigner::Name() const {
  const CertifiedSigner* of = certified();
  if (of == nullptr) return party() + "'s key";
  return fmt::format("{}'s {} (as {} says)", party(),
                     Printable(of->certificate.identity.san, kMaxIdentityBytes),
                     Printable(of->certificate.identity.issuer, kMaxIdentityBytes));
}

std::string IdentityText(const sigstore::CertificateIdentity& identity) {
  return fmt::format("{}, as {} says", Printable(identity.san, kMaxIdentityBytes),
                     Printable(identity.issuer, kMaxIdentityBytes));
}

}  // namespace carnet::verifier
