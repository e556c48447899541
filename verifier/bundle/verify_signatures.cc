#include <fmt/core.h>

#include <algorithm>

#include "core/share_work.h"
#include "verifier/bundle/find_signers.h"
#include "verifier/bundle/verify.h"

namespace carnet::verifier::bundle {
namespace {

// Below this a thread costs more than it saves.
constexpr size_t kSignaturesAPiece = 8;

void CheckSigners(const PassportFile& file, Findings& findings) {
  for (const Statement& line : file.lines) {
    const auto& head = line.head;
    const auto& signer = file.Of(line).signer;
    if (!signer || !head || head->signer == signer->id()) continue;
    findings.Add({{6, RejectReason::kSignerMismatch},
                  fmt::format("head.signer is {}, but the statement is signed by {}",
                              head->signer.ToString(), signer->id().ToString()),
                  line.id,
                  line.number,
                  ""});
  }
}

// The statement id is SHA-256(PAE), so the PAE is not built a second time.
void CheckSignature(PassportFile& file, size_t line) {
  Attestation& attestation = file.attestations[line];
  if (!attestation.signer) return;
  attestation.signature_good =
      attestation.signer->key().VerifyDigest(Retag<Sha256Digest>(file.lines[line].id),
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

std::string KeyOf(const LineSigner& signer) {
  return signer.certified() == nullptr ? signer.Name() : "the certified key of " + signer.Name();
}

void ReportBad(const PassportFile& file, size_t line, Findings& findings) {
  const auto& signer = file.attestations[line].signer;
  findings.Add({{7, RejectReason::kBadSignature},
                "the signature over this statement does not verify with " + KeyOf(*signer),
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
      if (!attestation.signer || attestation.signature_good) continue;
      ReportBad(file, line, findings);
      if (++bad < kMaxBadSignatures) continue;
      for (size_t rest = line + 1; rest < end; ++rest) {
        file.attestations[rest].signature_good = false;
      }
      file.not_verified = std::max(file.not_verified, lines - line - 1);
      return;
    }
  }
}

}  // namespace

void VerifySignatures(PassportFile& file, const trust::Trust& trust, TimestampMs now,
                      unsigned threads, Findings& findings) {
  FindSigners(file, trust, now, threads, findings);
  CheckSigners(file, findings);
  CheckSignatures(file, threads, findings);
}

}  // namespace carnet::verifier::bundle
