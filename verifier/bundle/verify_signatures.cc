#include <algorithm>
#include <thread>
#include <vector>

#include "core/utf8.h"
#include "verifier/bundle/verify.h"

namespace carnet::verifier::bundle {
namespace {

// Below this a thread costs more than it saves.
constexpr size_t kMinLinesPerThread = 8;

void FindKeys(PassportFile& file, const trust::Trust& trust, Findings& findings) {
  for (Line& line : file.lines) {
    const auto* material = std::get_if<sigstore::PublicKeyHint>(&line.bundle.material);
    if (material == nullptr) {
      findings.Add({{5, RejectReason::kUnknownKey},
                    "a certificate as verification material is not supported",
                    line.id,
                    line.number,
                    ""});
      continue;
    }
    const auto id = sigstore::ParseKeyHint(material->hint);
    line.key = id ? trust.FindSigner(SignerId(*id)) : nullptr;
    if (line.key != nullptr) continue;
    const std::string named =
        id ? SignerId(*id).ToString() : "\"" + Printable(material->hint) + "\"";
    findings.Add({{5, RejectReason::kUnknownKey},
                  "publicKey.hint names " + named + ", which trust does not list",
                  line.id,
                  line.number,
                  "a party that you trust has to vouch for this key"});
  }
}

void CheckSigners(const PassportFile& file, Findings& findings) {
  for (const Line& line : file.lines) {
    const auto head = line.predicate.head();
    if (line.key == nullptr || !head || head->signer == line.key->signer()) continue;
    findings.Add({{6, RejectReason::kSignerMismatch},
                  "head.signer is " + head->signer.ToString() + ", signed by " +
                      line.key->signer().ToString(),
                  line.id,
                  line.number,
                  ""});
  }
}

// The statement id is SHA-256(PAE), so the PAE is not built a second time.
void CheckStretch(std::vector<Line>& lines, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    Line& line = lines[i];
    if (line.key == nullptr) continue;
    line.signature_good =
        line.key->key.VerifyDigest(Retag<Sha256Digest>(line.id), line.bundle.envelope.signature) ==
        crypto::SignatureCheck::kGood;
  }
}

void CheckSignatures(std::vector<Line>& lines, unsigned threads) {
  const size_t useful = std::max<size_t>(1, lines.size() / kMinLinesPerThread);
  const size_t count = std::clamp<size_t>(threads, 1, useful);
  const auto boundary = [&](size_t i) { return lines.size() * i / count; };
  std::vector<std::thread> workers;
  for (size_t i = 1; i < count; ++i) {
    workers.emplace_back(
        [&lines, begin = boundary(i), end = boundary(i + 1)] { CheckStretch(lines, begin, end); });
  }
  CheckStretch(lines, 0, boundary(1));
  for (std::thread& worker : workers) worker.join();
}

}  // namespace

void VerifySignatures(PassportFile& file, const trust::Trust& trust, unsigned threads,
                      Findings& findings) {
  FindKeys(file, trust, findings);
  CheckSigners(file, findings);
  CheckSignatures(file.lines, threads);
  for (const Line& line : file.lines) {
    if (line.key == nullptr || line.signature_good) continue;
    findings.Add({{7, RejectReason::kBadSignature},
                  "the signature is not by " + line.key->party + "'s key over this statement",
                  line.id,
                  line.number,
                  ""});
  }
}

}  // namespace carnet::verifier::bundle
