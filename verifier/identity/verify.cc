#include "verifier/identity/verify.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/hex.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/identity/allocation_holders.h"
#include "verifier/named_check.h"

namespace carnet::verifier::identity {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::InputEdge;

std::optional<Finding> WhyNotForKind(const LineSigner& signer, Kind kind) {
  if (signer.listed().kinds.contains(kind)) return {};
  return Finding{
      {8, RejectReason::kKeyNotForKind},
      fmt::format("{} may not sign statements of kind {}", signer.Name(), schemas::KindName(kind)),
      {},
      {},
      "the trust directory lists the kinds that each key or identity may sign"};
}

void AddAt(const Statement& line, std::optional<Finding> finding, Findings& findings) {
  if (!finding) return;
  finding->statement = line.id;
  finding->line = line.number;
  findings.Add(*std::move(finding));
}

// R8
void CheckKinds(const PassportFile& file, Findings& findings) {
  for (const Statement& line : file.lines) {
    const auto& signer = file.Of(line).signer;
    if (signer) AddAt(line, WhyNotForKind(*signer, line.kind()), findings);
  }
}

// By more than clocks differ.
bool IsLater(TimestampMs early, TimestampMs late) {
  return early > late && early.value() - late.value() > schemas::kClockSkewMs;
}

TimestampMs CreatedOf(const Statement& line) {
  if (const auto& head = line.head) return head->created;
  return schemas::TimeOf(ReaderOf<wire::Verdict>(line.predicate).getTimeVerified());
}

// A certificate is in force for as long as it says, and nobody signs after he has signed.
Result<> CheckCreated(const CertifiedSigner& certified, TimestampMs created) {
  const TimestampMs from = certified.certificate.certificate.not_before();
  const TimestampMs signed_at = certified.times.front();
  if (Fails("R15 created-early", IsLater(from, created))) {
    return Rejected(fmt::format("created {}, but the certificate is valid from {}",
                                FormatTimestamp(created), FormatTimestamp(from)));
  }
  if (!Fails("R15 created-late", IsLater(created, signed_at))) return Ok();
  return Rejected(fmt::format("created {}, but a time stamp shows that it was signed by {}",
                              FormatTimestamp(created), FormatTimestamp(signed_at)));
}

Result<> CheckSignerInForce(const LineSigner& signer, const std::optional<trust::PlaceInLog>& place,
                            TimestampMs created, TimestampMs now) {
  const CertifiedSigner* certified = signer.certified();
  if (certified == nullptr) return signer.listed().CheckInForce(place, created, now);
  auto listed = signer.listed().CheckInForceAt(place, certified->times.front());
  if (Fails("R15 identity-in-force", !listed)) return listed;
  return CheckCreated(*certified, created);
}

std::optional<Finding> WhyNotInForce(const LineSigner& signer,
                                     const std::optional<trust::PlaceInLog>& place,
                                     TimestampMs created, TimestampMs now) {
  const auto checked = CheckSignerInForce(signer, place, created, now);
  if (checked) return {};
  return Finding{{15, RejectReason::kKeyNotInForce},
                 signer.Name() + ": " + checked.error().message,
                 {},
                 {},
                 "the trust directory can give the tree sizes at which the key was in force"};
}

// R15
void CheckForce(const PassportFile& file, TimestampMs now, Findings& findings) {
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (!attestation.signer) continue;
    AddAt(line, WhyNotInForce(*attestation.signer, attestation.place, CreatedOf(line), now),
          findings);
  }
}

class RunSigners {
 public:
  RunSigners(const PassportFile& file, const trust::Trust& trust, Findings& findings)
      : file_(file), trust_(trust), findings_(findings) {}

  void CheckLine(const Statement& line) {
    const auto& signer = file_.Of(line).signer;
    if (!signer) return;
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
                   "only a run's signer and its recorders may speak for it"});
  }

  void CheckRecorder(const Statement& line, const LineSigner& signer, const Statement* run) {
    if (run == nullptr) return;
    const SignerId id = signer.id();
    if (id == run->head->signer || listed_.IsRecorder(*run, id)) return;
    const std::string who = signer.certified() == nullptr
                                ? fmt::format("{}'s {}", signer.party(), id.ToString())
                                : fmt::format("{}, {}", signer.Name(), id.ToString());
    Refuse(line, fmt::format("signed by {}, which is neither the signer of run {} nor one of its "
                             "recorders",
                             who, HexEncode(run->id.span())));
  }

  // Who it says that it is of, where that is who signed it; else whose key it names. Null:
  // nobody's.
  const std::string* PartyOf(const Statement& run) const {
    const auto& signer = file_.Of(run).signer;
    if (signer && signer->id() == run.head->signer) return &signer->party();
    const trust::TrustedKey* named = trust_.FindSigner(run.head->signer);
    return named == nullptr ? nullptr : &named->party;
  }

  void CheckParty(const Statement& line, const LineSigner& signer, const Statement* run) {
    if (run == nullptr) return;
    const std::string* party = PartyOf(*run);
    if (party == nullptr || *party == signer.party()) return;
    Refuse(line, fmt::format("signed by {}, but run {}, which it rests on, belongs to {}",
                             signer.party(), HexEncode(run->id.span()), *party));
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

std::vector<Finding> JudgeSigner(const LineSigner& signer, Kind kind, TimestampMs created,
                                 TimestampMs now) {
  std::vector<Finding> findings;
  if (auto found = WhyNotForKind(signer, kind)) findings.push_back(*std::move(found));
  if (auto found = WhyNotInForce(signer, {}, created, now)) findings.push_back(*std::move(found));
  return findings;
}

}  // namespace carnet::verifier::identity
