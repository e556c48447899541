#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "core/utf8.h"
#include "verifier/bundle/verify.h"

namespace carnet::verifier::bundle {
namespace {

// Below this a thread costs more than it saves.
constexpr size_t kMinLinesPerThread = 8;

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
    const auto head = line.predicate.head();
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
void CheckStretch(PassportFile& file, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    Attestation& attestation = file.attestations[i];
    if (attestation.key == nullptr) continue;
    attestation.signature_good =
        attestation.key->key.VerifyDigest(Retag<Sha256Digest>(file.lines[i].id),
                                          attestation.bundle.envelope.signature) ==
        crypto::SignatureCheck::kGood;
  }
}

void CheckSignatures(PassportFile& file, unsigned threads) {
  const size_t lines = file.lines.size();
  const size_t useful = std::max<size_t>(1, lines / kMinLinesPerThread);
  const size_t count = std::clamp<size_t>(threads, 1, useful);
  const auto boundary = [&](size_t i) { return lines * i / count; };
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) CheckStretch(file, boundary(i), boundary(i + 1));
  };
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < count) others.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads to be had: those that run, this one at least, do the work.
  }
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace

void VerifySignatures(PassportFile& file, const trust::Trust& trust, unsigned threads,
                      Findings& findings) {
  FindKeys(file, trust, findings);
  CheckSigners(file, findings);
  CheckSignatures(file, threads);
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (attestation.key == nullptr || attestation.signature_good) continue;
    findings.Add({{7, RejectReason::kBadSignature},
                  fmt::format("the signature over this statement does not verify with {}'s key",
                              attestation.key->party),
                  line.id,
                  line.number,
                  ""});
  }
}

}  // namespace carnet::verifier::bundle
