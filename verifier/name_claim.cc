#include "verifier/name_claim.h"

#include <fmt/core.h>

#include <array>
#include <utility>
#include <variant>

#include "core/utf8.h"
#include "crypto/certificate.h"
#include "sigstore/certificate_identity.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/foreign_statement.h"
#include "sigstore/oms_bundle.h"
#include "verifier/describe.h"
#include "verifier/line_signer.h"

namespace carnet::verifier {
namespace {

constexpr size_t kMaxClaimNameBytes = 100;  // of a type or a hint, which anybody may choose

struct KnownType {
  std::string_view prefix;
  std::string_view name;
};
constexpr std::array kKnownTypes = {
    KnownType{"https://model_signing/signature/", "OMS signature"},
    KnownType{"https://slsa.dev/provenance/", "SLSA provenance"},
    KnownType{"https://slsa.dev/verification_summary/", "SLSA verification summary"},
};

std::string NameOfType(std::string_view predicate_type) {
  for (const KnownType& known : kKnownTypes) {
    if (predicate_type.starts_with(known.prefix)) return std::string(known.name);
  }
  return Printable(predicate_type, kMaxClaimNameBytes);
}

std::string NameOfHint(std::string_view hint) {
  if (hint.empty()) return "a key that it does not name";
  if (const auto id = sigstore::ParseKeyHint(hint)) return "key " + ShortDigest(id->span());
  return "key \"" + Printable(hint, kMaxClaimNameBytes) + "\"";
}

std::string NameOfCertificate(ByteSpan der) {
  const auto certificate = crypto::Certificate::Parse(der);
  if (!certificate) return "an unreadable certificate";
  const auto identity = sigstore::IdentityOf(*certificate);
  return identity ? IdentityText(*identity) : "a certificate without an identity";
}

Result<std::string> NameOfStatement(const sigstore::Envelope& envelope) {
  CARNET_TRY(const auto statement, sigstore::ReadForeignStatement(envelope.payload));
  return NameOfType(statement.predicate_type);
}

struct NameOfMaterial {
  std::string operator()(const sigstore::PublicKeyHint& key) const { return NameOfHint(key.hint); }
  std::string operator()(const sigstore::OmsKeyHint& key) const { return NameOfHint(key.hint); }
  std::string operator()(const sigstore::Certificate& leaf) const {
    return NameOfCertificate(leaf.der);
  }
  std::string operator()(const sigstore::OmsSigstoreCertificate& leaf) const {
    return NameOfCertificate(leaf.der);
  }
  std::string operator()(const sigstore::CertificateChain& chain) const {
    return NameOfCertificate(chain.certificates.front());
  }
  std::string operator()(const sigstore::OmsCertificateChain& chain) const {
    return NameOfCertificate(chain.certificates.front());
  }
};

std::string By(const std::string& what, const std::string& signer) {
  return fmt::format("{} by {}", what, signer);
}

}  // namespace

Result<std::string> NameClaim(std::string_view line) {
  if (line.size() > sigstore::kMaxBundleBytes) return Malformed("has over 32 MiB");
  const auto bundle = sigstore::ReadForeignBundle(line);
  if (bundle) {
    const std::string signer = std::visit(NameOfMaterial{}, bundle->material);
    const auto* envelope = std::get_if<sigstore::Envelope>(&bundle->content);
    if (envelope == nullptr) return By("signature over a file", signer);
    CARNET_TRY(const std::string what, NameOfStatement(*envelope));
    return By(what, signer);
  }
  // A chain in version 0.3, which only OpenSSF Model Signing has.
  const auto oms = sigstore::ReadOmsBundle(line);
  if (!oms) return bundle.error();
  CARNET_TRY(const std::string what, NameOfStatement(oms->envelope));
  return By(what, std::visit(NameOfMaterial{}, oms->material));
}

std::string NameClaim(schemas::Kind kind, const sigstore::Bundle& bundle) {
  return By(std::string(schemas::KindName(kind)), std::visit(NameOfMaterial{}, bundle.material));
}

}  // namespace carnet::verifier
