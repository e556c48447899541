#include "verifier/bundle/trusted_certificate.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/base64.h"
#include "crypto/sct.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using crypto::Certificate;
using sigstore::Authority;
using sigstore::LogKey;

Error NotFor(const Certificate& certificate, std::string_view what) {
  return Rejected(fmt::format("certificate {}: {}", certificate.SubjectText(), what));
}

// A CA whose extendedKeyUsage leaves code signing out cannot pass it on (as Go's x509 has it).
Result<> CheckNestedUse(std::span<const Certificate> authorities) {
  for (const Certificate& authority : authorities) {
    if (Fails("3 nested-use",
              authority.has_extended_key_usage() && !authority.allows_code_signing())) {
      return NotFor(authority, "is a CA for other uses than codeSigning");
    }
  }
  return Ok();
}

// Whether the timestamp is of one of these logs and good. Errors: of one of them, but bad.
Result<bool> Vouches(const crypto::CertificateTimestamp& timestamp, const Certificate& leaf,
                     const Certificate& issuer, std::span<const LogKey> logs) {
  std::optional<Error> refused;
  for (const LogKey& log : logs) {
    if (log.id != timestamp.log) continue;
    if (Fails("4 log-window", !log.valid.Contains(timestamp.time))) {
      refused = Rejected(
          fmt::format("certificate timestamp of {}, but the log of {} is trusted from {}",
                      FormatTimestamp(timestamp.time), log.base_url, log.valid.ToString()));
      continue;
    }
    if (crypto::CheckCertificateTimestamp(timestamp, leaf, issuer, log.key) ==
        crypto::SignatureCheck::kGood) {
      return true;
    }
    refused = Rejected("certificate timestamp is not signed by the log of " + log.base_url);
  }
  if (Fails("4 good", refused.has_value())) return *refused;
  return false;
}

Result<> CheckPath(std::span<const Certificate> path) {
  // An authority that lists the leaf itself has issued nothing.
  if (path.size() < 2) return Rejected("lists the certificate itself as an authority");
  return CheckNestedUse(path.subspan(1));
}

constexpr size_t kMaxReasons = 3;  // of up to 64 authorities

std::string FirstOf(const std::vector<std::string>& reasons) {
  if (reasons.empty()) return "the trusted root has no certificate authority";
  std::string text;
  for (size_t i = 0; i < std::min(reasons.size(), kMaxReasons); ++i)
    text += (i == 0 ? "" : "; ") + reasons[i];
  if (reasons.size() > kMaxReasons)
    text += fmt::format("; and of {} more", reasons.size() - kMaxReasons);
  return text;
}

}  // namespace

Result<> CheckLeafUse(const Certificate& leaf) {
  if (Fails("3 leaf-is-a-ca", leaf.is_ca())) return NotFor(leaf, "is a CA, not a signer's");
  if (Fails("3 leaf-code-signing", !leaf.allows_code_signing()))
    return NotFor(leaf, "extendedKeyUsage lacks codeSigning");
  if (Fails("3 leaf-digital-signature", !leaf.allows_digital_signature()))
    return NotFor(leaf, "keyUsage lacks digitalSignature");
  if (Fails("3 leaf-subject", !leaf.subject_empty()))
    return NotFor(leaf, "has a subject; its name belongs in the SAN");
  if (Fails("3 leaf-name-critical", !leaf.alternative_names_critical())) {
    return NotFor(leaf,
                  "the subject alternative name is not critical, though the subject is empty");
  }
  return Ok();
}

Result<> CheckIntermediates(std::span<const Certificate> intermediates) {
  for (const Certificate& certificate : intermediates) {
    if (Fails("3 chain-of-cas", !certificate.is_ca()))
      return NotFor(certificate, "in a bundle's chain is not a CA");
    if (Fails("3 chain-without-roots", certificate.self_issued()))
      return NotFor(certificate, "is a root, which no bundle may hold");
  }
  return Ok();
}

std::vector<Certificate> WithoutRoots(std::span<const Certificate> intermediates) {
  std::vector<Certificate> out;
  for (const Certificate& certificate : intermediates) {
    if (!certificate.self_issued()) out.push_back(certificate);
  }
  return out;
}

Result<std::vector<Certificate>> FindTrustedPath(const Certificate& leaf,
                                                 std::span<const Certificate> intermediates,
                                                 std::span<const Authority> authorities,
                                                 TimestampMs at) {
  std::vector<std::string> reasons;
  for (const Authority& authority : authorities) {
    if (Fails("3 authority-window", !authority.valid.Contains(at))) {
      reasons.push_back(
          fmt::format("{} is trusted from {}", authority.name, authority.valid.ToString()));
      continue;
    }
    std::vector<Certificate> between(intermediates.begin(), intermediates.end());
    between.insert(between.end(), authority.chain.begin(), authority.chain.end() - 1);
    auto path = crypto::FindPath(leaf, between, std::span(&authority.chain.back(), 1), at);
    const auto use = path ? CheckPath(*path) : path.error();
    if (use) return path;
    reasons.push_back(fmt::format("{}: {}", authority.name, use.error().message));
  }
  return Rejected(fmt::format("no trusted authority has issued the certificate as of {}: {}",
                              FormatTimestamp(at), FirstOf(reasons)));
}

Result<> CheckCertificateTimestamps(const Certificate& leaf, const Certificate& issuer,
                                    std::span<const LogKey> logs) {
  CARNET_TRY(const auto timestamps, crypto::ReadCertificateTimestamps(leaf));
  bool vouched = false;
  for (const auto& timestamp : timestamps) {
    CARNET_TRY(const bool vouches, Vouches(timestamp, leaf, issuer, logs));
    vouched = vouched || vouches;
  }
  if (!Fails("4 vouched", !vouched)) return Ok();
  if (timestamps.empty()) return Rejected("the certificate has no certificate timestamp (SCT)");
  return Rejected(
      fmt::format("no certificate-transparency log of the trusted root has signed the certificate; "
                  "looked up {}",
                  Base64Encode(timestamps.front().log.span())));
}

}  // namespace carnet::verifier::bundle
