#include "verifier/identity/verify.h"

#include "core/hex.h"
#include "schemas/readers.h"
#include "verifier/identity/allocation_holders.h"

namespace carnet::verifier::identity {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

// R8
void CheckKinds(const PassportFile& file, Findings& findings) {
  for (const Line& line : file.lines) {
    if (line.key == nullptr || line.key->kinds.contains(line.kind())) continue;
    findings.Add(
        {{8, RejectReason::kKeyNotForKind},
         line.key->party + "'s key may not sign a " + std::string(schemas::KindName(line.kind())),
         line.id,
         line.number,
         "trust lists the kinds that each key may sign"});
  }
}

TimestampMs CreatedOf(const Line& line) {
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

std::string ForceProblem(const Line& line, TimestampMs now) {
  if (line.position) {
    const auto window = line.key->sizes.find(line.position->log->origin);
    if (window != line.key->sizes.end()) return SizeProblem(window->second, line.position->index);
  } else if (!line.key->sizes.empty()) {
    return "";
  }
  return DateProblem(line.key->dates, CreatedOf(line), now);
}

// R15
void CheckForce(const PassportFile& file, TimestampMs now, Findings& findings) {
  for (const Line& line : file.lines) {
    if (line.key == nullptr) continue;
    std::string problem = ForceProblem(line, now);
    if (problem.empty()) continue;
    findings.Add({{15, RejectReason::kKeyNotInForce},
                  line.key->party + "'s key: " + problem,
                  line.id,
                  line.number,
                  "trust may give tree sizes between which the key was in force"});
  }
}

class RunSigners {
 public:
  RunSigners(const PassportFile& file, const trust::Trust& trust, Findings& findings)
      : trust_(trust), findings_(findings), listed_(file) {}

  void CheckLine(const Line& line) {
    if (line.key == nullptr) return;
    switch (line.kind()) {
      case Kind::kSegment:
      case Kind::kCompletion:
        return CheckRecorder(line);
      case Kind::kPassport:
        return CheckParty(line, listed_.RunBehind(listed_.Target(
                                    ReaderOf<wire::Passport>(line.predicate).getCompletion(),
                                    Kind::kCompletion)));
      case Kind::kRun:
        for (const auto edge : ReaderOf<wire::Run>(line.predicate).getInputs()) {
          CheckParty(line, listed_.RunBehind(listed_.Target(edge.getStatement())));
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
  void Refuse(const Line& line, std::string message) {
    findings_.Add({{16, RejectReason::kNotTheRunsSigner},
                   std::move(message),
                   line.id,
                   line.number,
                   "only the run's signer and the keys in its recorders speak for a run"});
  }

  void CheckRecorder(const Line& line) {
    const Line* run = listed_.RunBehind(&line);
    if (run == nullptr) return;
    const SignerId signer = line.key->signer();
    if (signer == run->predicate.head()->signer || listed_.IsRecorder(*run, signer)) return;
    Refuse(line, "signed by " + line.key->party + "'s " + signer.ToString() +
                     ", neither the signer of run " + HexEncode(run->id.span()) +
                     " nor one of its recorders");
  }

  void CheckParty(const Line& line, const Line* run) {
    if (run == nullptr) return;
    const trust::TrustedKey* signer = trust_.FindSigner(run->predicate.head()->signer);
    if (signer == nullptr || signer->party == line.key->party) return;
    Refuse(line, "signed by " + line.key->party + ", but run " + HexEncode(run->id.span()) +
                     " behind it is " + signer->party + "'s");
  }

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
  for (const Line& line : file.lines) signers.CheckLine(line);
  CheckAllocations(file, findings);
}

}  // namespace carnet::verifier::identity
