#include <fmt/core.h>

#include <algorithm>

#include "core/share_work.h"
#include "core/utf8.h"
#include "verifier/bundle/verify.h"

namespace carnet::verifier::bundle {
namespace {

// Below this a thread costs more than it saves.
constexpr size_t kSignaturesAPiece = 8;

// So many lines are verified before the bad ones are counted.
constexpr size_t kRoundLines = 2'048;
// A file with as many bad signatures as a verdict lists is not verified further: 200,000 lines that
// only name a trusted key would cost their reader ten seconds, and their sender nothing.
constexpr size_t kMaxBadSignatures = kMaxFindings;

void FindKeys(PassportFile& file, const trust::Trust& trust, Findings& findings) {
  for (const Statement& line : file.lines) {
    Attestation& attestation = file.Of(line);
    const auto* material = std::get_if<sigstore::PublicKeyHint>(&attestation.bundle.material);
    if (material == nullptr) {
      findings.Add({{5, RejectReason::kUnknownKey},
                    "verificationMaterial: certificates are not supported, expected publicKey.hint",
                    line.id,
                    line.number,
                    ""});
      continue;
    }
    const auto id = sigstore::ParseKeyHint(material->hint);
    attestation.key = id ? trust.FindSigner(SignerId(*id)) : nullptr;
    if (attestation.key != nullptr) continue;
    const std::string named =
        id ? SignerId(*id).ToString() : "\"" + Printable(material->hint) + "\"";
    findings.Add(
        {{5, RejectReason::kUnknownKey},
         fmt::format("publicKey.hint names {}, which the trust directory does not list", named),
         line.id,
         line.number,
         "a party that you trust has to vouch for this key"});
  }
}

void CheckSigners(const PassportFile& file, Findings& findings) {
  for (const Statement& line : file.lines) {
    const auto& head = line.head;
    const trust::TrustedKey* key = file.Of(line).key;
    if (key == nullptr || !head || head->signer == key->signer()) continue;
    findings.Add({{6, RejectReason::kSignerMismatch},
                  fmt::format("head.signer is {}, but the statement is signed by {}",
                              head->signer.ToString(), key->signer().ToString()),
                  line.id,
                  line.number,
                  ""});
  }
}

// The statement id is SHA-256(PAE), so the PAE is not built a second time.
void CheckSignature(PassportFile& file, size_t line) {
  Attestation& attestation = file.attestations[line];
  if (attestation.key == nullptr) return;
  attestation.signature_good =
      attestation.key->key.VerifyDigest(Retag<Sha256Digest>(file.lines[line].id),
                                        attestation.bundle.envelope.signature) ==
      crypto::SignatureCheck::kGood;
}

void CheckRound(PassportFile& file, size_t begin, size_t end, unsigned threads) {
  const size_t pieces = (end - begin + kSignaturesAPiece - 1) / kSignaturesAPiece;
  ShareWork(pieces, threads, [&](size_t piece) {
    const size_t from = begin + piece * kSignaturesAPiece;
    const size_t to = std::min(end, from + kSignaturesAPiece);
    for (size_t line = from; line < to; ++line) CheckSignature(file, line);
  });
}

void ReportBad(const PassportFile& file, size_t line, Findings& findings) {
  findings.Add({{7, RejectReason::kBadSignature},
                fmt::format("the signature over this statement does not verify with {}'s key",
                            file.attestations[line].key->party),
                file.lines[line].id,
                file.lines[line].number,
                ""});
}

// Up to and including the last bad signature that is looked at, so that what is found does not
// depend on the rounds or the threads.
void CheckSignatures(PassportFile& file, unsigned threads, Findings& findings) {
  const size_t lines = file.lines.size();
  size_t bad = 0;
  for (size_t begin = 0; begin < lines; begin += kRoundLines) {
    const size_t end = std::min(lines, begin + kRoundLines);
    CheckRound(file, begin, end, threads);
    for (size_t line = begin; line < end; ++line) {
      const Attestation& attestation = file.attestations[line];
      if (attestation.key == nullptr || attestation.signature_good) continue;
      ReportBad(file, line, findings);
      if (++bad < kMaxBadSignatures) continue;
      for (size_t rest = line + 1; rest < end; ++rest) {
        file.attestations[rest].signature_good = false;
      }
      file.not_verified = lines - line - 1;
      return;
    }
  }
}

}  // namespace

void VerifySignatures(PassportFile& file, const trust::Trust& trust, unsigned threads,
                      Findings& findings) {
  FindKeys(file, trust, findings);
  CheckSigners(file, findings);
  CheckSignatures(file, threads, findings);
}

}  // namespace carnet::verifier::bundle
