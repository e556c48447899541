#include "verifier/bundle/find_signers.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/share_work.h"
#include "core/utf8.h"
#include "verifier/bundle/certified_signer.h"

namespace carnet::verifier::bundle {
namespace {

// Below this a thread costs more than it saves.
constexpr size_t kCertificatesAPiece = 4;

void FindKey(const Statement& line, const sigstore::PublicKeyHint& material,
             const trust::Trust& trust, Attestation& attestation, Findings& findings) {
  const auto id = sigstore::ParseKeyHint(material.hint);
  const trust::TrustedKey* key = id ? trust.FindSigner(SignerId(*id)) : nullptr;
  if (key != nullptr) {
    attestation.signer.emplace(*key);
    return;
  }
  const std::string named = id ? SignerId(*id).ToString() : "\"" + Printable(material.hint) + "\"";
  findings.Add(
      {{5, RejectReason::kUnknownKey},
       fmt::format("publicKey.hint names {}, which the trust directory does not list", named),
       line.id,
       line.number,
       "a party that you trust has to vouch for this key"});
}

// Of the lines [begin, end): why their certificates are refused; empty where they are not, or there
// is none.
std::vector<std::optional<RefusedSigner>> JudgeRound(PassportFile& file, size_t begin, size_t end,
                                                     const trust::Trust& trust, TimestampMs now,
                                                     unsigned threads) {
  std::vector<std::optional<RefusedSigner>> refused(end - begin);
  const size_t pieces = (refused.size() + kCertificatesAPiece - 1) / kCertificatesAPiece;
  ShareWork(pieces, threads, [&](size_t piece) {
    const size_t to = std::min(refused.size(), (piece + 1) * kCertificatesAPiece);
    for (size_t i = piece * kCertificatesAPiece; i < to; ++i) {
      Attestation& attestation = file.attestations[begin + i];
      if (!std::holds_alternative<sigstore::Certificate>(attestation.bundle.material)) continue;
      auto judged = JudgeCertificate(attestation.bundle, trust, now);
      if (auto* why = std::get_if<RefusedSigner>(&judged)) {
        refused[i] = std::move(*why);
      } else {
        attestation.signer.emplace(std::get<CertifiedSigner>(std::move(judged)));
      }
    }
  });
  return refused;
}

bool HasCertificate(const Attestation& attestation) {
  return std::holds_alternative<sigstore::Certificate>(attestation.bundle.material);
}

}  // namespace

void FindSigners(PassportFile& file, const trust::Trust& trust, TimestampMs now, unsigned threads,
                 Findings& findings) {
  size_t bad = 0;
  for (size_t begin = 0; begin < file.lines.size(); begin += kRoundLines) {
    const size_t end = std::min(file.lines.size(), begin + kRoundLines);
    std::vector<std::optional<RefusedSigner>> refused(end - begin);
    const bool judged = bad < kMaxBadSignatures;
    if (judged) refused = JudgeRound(file, begin, end, trust, now, threads);
    for (size_t i = begin; i < end; ++i) {
      const Statement& line = file.lines[i];
      Attestation& attestation = file.attestations[i];
      if (!HasCertificate(attestation)) {
        const auto& hint = std::get<sigstore::PublicKeyHint>(attestation.bundle.material);
        FindKey(line, hint, trust, attestation, findings);
      } else if (bad >= kMaxBadSignatures) {
        attestation.signer.reset();  // as if the round had ended with the last that is listed
        ++file.not_verified;
      } else if (auto& why = refused[i - begin]) {
        ++bad;
        findings.Add(
            {why->refusal, std::move(why->why), line.id, line.number, std::move(why->hint)});
      }
    }
  }
}

}  // namespace carnet::verifier::bundle
