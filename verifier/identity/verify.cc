#include "verifier/identity/verify.h"

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
    findings.Add(
        {{8, RejectReason::kKeyNotForKind},
         key->party + "'s key may not sign a " + std::string(schemas::KindName(line.kind())),
         line.id,
         line.number,
         "trust lists the kinds that each key may sign"});
  }
}

TimestampMs CreatedOf(const Statement& line) {
  if (const auto head = line.predicate.head()) return head->created;
  return schemas::TimeOf(ReaderOf<wire::Verdict>(line.predicate).getTimeVerified());
}

std::string SizeProblem(const trust::SizeWindow& window, LeafIndex index) {
  const uint64_t value = index.value();
  if (value >= window.from.value_or(0) && (!window.until || value < *window.until)) return "";
  return "log index " + std::to_string(value) + " is outside tree sizes " +
         std::to_string(window.from.value_or(0)) + " to " +
         (window.until ? std::to_string(*window.until) : "any");
}

std::string DateProblem(const trust::DateWindow& dates, TimestampMs created, TimestampMs now) {
  if (dates.from && created < *dates.from) {
    return "created " + FormatTimestamp(created) + ", the key is in force from " +
           FormatTimestamp(*dates.from);
  }
  if (dates.until && created >= *dates.until) {
    return "created " + FormatTimestamp(created) + ", the key was in force until " +
           FormatTimestamp(*dates.until);
  }
  if (dates.until && now >= *dates.until) {
    return "the key was in force until " + FormatTimestamp(*dates.until) +
           ", and a date alone cannot prove when it signed";
  }
  return "";
}

std::string ForceProblem(const Statement& line, const Attestation& attestation, TimestampMs now) {
  const trust::TrustedKey& key = *attestation.key;
  if (attestation.position) {
    const auto window = key.sizes.find(attestation.position->log->origin);
    if (window != key.sizes.end()) {
      return SizeProblem(window->second, attestation.position->index);
    }
  } else if (!key.sizes.empty()) {
    return "";
  }
  return DateProblem(key.dates, CreatedOf(line), now);
}

// R15
void CheckForce(const PassportFile& file, TimestampMs now, Findings& findings) {
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (attestation.key == nullptr) continue;
    std::string problem = ForceProblem(line, attestation, now);
    if (problem.empty()) continue;
    findings.Add({{15, RejectReason::kKeyNotInForce},
                  attestation.key->party + "'s key: " + problem,
                  line.id,
                  line.number,
                  "trust may give tree sizes between which the key was in force"});
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
                   "only the run's signer and the keys in its recorders speak for a run"});
  }

  void CheckRecorder(const Statement& line, const trust::TrustedKey& signer, const Statement* run) {
    if (run == nullptr) return;
    const SignerId id = signer.signer();
    if (id == run->predicate.head()->signer || listed_.IsRecorder(*run, id)) return;
    Refuse(line, "signed by " + signer.party + "'s " + id.ToString() +
                     ", neither the signer of run " + HexEncode(run->id.span()) +
                     " nor one of its recorders");
  }

  void CheckParty(const Statement& line, const trust::TrustedKey& signer, const Statement* run) {
    if (run == nullptr) return;
    const trust::TrustedKey* runs = trust_.FindSigner(run->predicate.head()->signer);
    if (runs == nullptr || runs->party == signer.party) return;
    Refuse(line, "signed by " + signer.party + ", but run " + HexEncode(run->id.span()) +
                     " behind it is " + runs->party + "'s");
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
