#include "verifier/identity/verify.h"

#include <fmt/core.h>

#include <optional>

#include "core/hex.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/identity/allocation_holders.h"

namespace carnet::verifier::identity {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::InputEdge;

// R8
void CheckKinds(const PassportFile& file, Findings& findings) {
  for (const Statement& line : file.lines) {
    const trust::TrustedKey* key = file.Of(line).key;
    if (key == nullptr || key->kinds.contains(line.kind())) continue;
    findings.Add({{8, RejectReason::kKeyNotForKind},
                  fmt::format("{}'s key may not sign statements of kind {}", key->party,
                              schemas::KindName(line.kind())),
                  line.id,
                  line.number,
                  "the trust directory lists the kinds that each key may sign"});
  }
}

TimestampMs CreatedOf(const Statement& line) {
  if (const auto& head = line.head) return head->created;
  return schemas::TimeOf(ReaderOf<wire::Verdict>(line.predicate).getTimeVerified());
}

// R15
void CheckForce(const PassportFile& file, TimestampMs now, Findings& findings) {
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (attestation.key == nullptr) continue;
    const auto checked = attestation.key->CheckInForce(attestation.place, CreatedOf(line), now);
    if (checked) continue;
    findings.Add({{15, RejectReason::kKeyNotInForce},
                  attestation.key->party + "'s key: " + checked.error().message,
                  line.id,
                  line.number,
                  "the trust directory can give the tree sizes at which the key was in force"});
  }
}

class RunSigners {
 public:
  RunSigners(const PassportFile& file, const trust::Trust& trust, Findings& findings)
      : file_(file), trust_(trust), findings_(findings) {}

  void CheckLine(const Statement& line) {
    const trust::TrustedKey* signer = file_.Of(line).key;
    if (signer == nullptr) return;
    const Statement* run = RunBehind(file_.lines, line);
    switch (line.kind()) {
      case Kind::kSegment:
      case Kind::kCompletion:
        return CheckRecorder(line, *signer, run);
      case Kind::kPassport:
        return CheckParty(line, *signer, run);
      case Kind::kRun:
        for (const InputEdge& edge : EdgesOf(file_.lines, line)) {
          if (edge.target == nullptr || edge.target->kind() == Kind::kPassport) continue;
          CheckParty(line, *signer, RunBehind(file_.lines, *edge.target));
        }
        return;
      case Kind::kDataset:
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        return;
    }
  }

 private:
  void Refuse(const Statement& line, std::string message) {
    findings_.Add({{16, RejectReason::kNotTheRunsSigner},
                   std::move(message),
                   line.id,
                   line.number,
                   "only a run's signer and the keys in its recorders may speak for it"});
  }

  void CheckRecorder(const Statement& line, const trust::TrustedKey& signer, const Statement* run) {
    if (run == nullptr) return;
    const SignerId id = signer.signer();
    if (id == run->head->signer || listed_.IsRecorder(*run, id)) return;
    Refuse(line, fmt::format("signed by {}'s {}, which is neither the signer of run {} nor one of "
                             "its recorders",
                             signer.party, id.ToString(), HexEncode(run->id.span())));
  }

  void CheckParty(const Statement& line, const trust::TrustedKey& signer, const Statement* run) {
    if (run == nullptr) return;
    const trust::TrustedKey* runs = trust_.FindSigner(run->head->signer);
    if (runs == nullptr || runs->party == signer.party) return;
    Refuse(line, fmt::format("signed by {}, but run {}, which it rests on, belongs to {}",
                             signer.party, HexEncode(run->id.span()), runs->party));
  }

  const PassportFile& file_;
  const trust::Trust& trust_;
  Findings& findings_;
  ListedSigners listed_;
};

}  // namespace

void VerifyIdentity(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                    Findings& findings) {
  CheckKinds(file, findings);
  CheckForce(file, now, findings);
  RunSigners signers(file, trust, findings);
  for (const Statement& line : file.lines) signers.CheckLine(line);
  CheckAllocations(file, findings);
}

}  // namespace carnet::verifier::identity
