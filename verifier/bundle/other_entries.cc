#include "verifier/bundle/other_entries.h"

#include <fmt/core.h>

#include <set>
#include <utility>

#include "core/check.h"
#include "core/hex.h"
#include "crypto/public_key.h"
#include "merkle/signed_note.h"
#include "sigstore/entry_body.h"
#include "sigstore/foreign_bundle.h"
#include "verifier/bundle/foreign_log_entry.h"
#include "verifier/bundle/judge_checkpoint.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::LogEntry;
using Times = std::function<std::vector<TimestampMs>()>;

std::optional<RefusedEntry> FindRepeatedEntry(const std::vector<LogEntry>& entries) {
  std::set<std::pair<LogId, uint64_t>> seen;
  for (const LogEntry& entry : entries) {
    if (seen.emplace(entry.log_id, entry.log_index).second) continue;
    return RefusedEntry{{9, RejectReason::kDuplicateLogEntry},
                        fmt::format("two entries with index {} of log {}", entry.log_index,
                                    HexEncode(entry.log_id.span()))};
  }
  return std::nullopt;
}

// Judges the entries of one line.
class EntryJudge {
 public:
  EntryJudge(const Attestation& attestation, TimestampMs now, const Times& times)
      : now_(now),
        times_(times),
        bundle_{sigstore::BundleVersion::k03, {}, {}, {}, attestation.bundle.envelope} {
    const LineSigner& signer = *attestation.signer;
    auto key = crypto::PublicKey::ParseSpki(signer.key().spki());
    CARNET_CHECK(key.has_value());  // it is one of P-256
    key_ = *std::move(key);
    if (signer.certified() != nullptr)
      certificate_ = signer.certified()->certificate.certificate.der();
  }

  std::optional<RefusedEntry> Judge(const LogEntry& entry, const trust::TrustedLog& log) const {
    const auto refuse = [&log](Refusal refusal, const std::string& why) {
      return RefusedEntry{refusal, fmt::format("entry of {}: {}", log.origin, why)};
    };
    if (const auto body = CheckBody(entry); !body)
      return refuse({11, RejectReason::kWrongLogBody}, body.error().message);
    if (const auto proof = CheckProof(entry); !proof)
      return refuse({11, RejectReason::kBadInclusionProof}, proof.error().message);
    const auto bad = CheckNote(entry.checkpoint, log);
    if (bad) return refuse(bad->refusal, "checkpoint: " + bad->why);
    return std::nullopt;
  }

 private:
  Result<> CheckBody(const LogEntry& entry) const {
    const auto body =
        sigstore::ReadEntryBody(AsText(entry.canonicalized_body), entry.kind, entry.version);
    if (!body) return body.error().In("log entry body");
    return CheckForeignBody(*body, {bundle_, *key_, certificate_});
  }

  // Under the root that the note states, whoever signed it.
  static Result<> CheckProof(const LogEntry& entry) {
    CARNET_TRY(const merkle::SignedNote note, merkle::ParseUnverifiedNote(entry.checkpoint));
    CARNET_TRY(const merkle::Checkpoint claimed, merkle::ParseUnverifiedCheckpoint(note.text));
    return CheckForeignInclusion(entry, claimed);
  }

  std::optional<RefusedCheckpoint> CheckNote(const std::string& note,
                                             const trust::TrustedLog& log) const {
    auto refused = RefusedAt(note, log, now_);
    if (!refused || refused->refusal.reason() != RejectReason::kBadCheckpoint) return refused;
    for (const TimestampMs time : times_()) {
      if (KeyForNote(log, note, time) == KeyForNote(log, note, now_)) continue;
      auto then = RefusedAt(note, log, time);
      if (!then || then->refusal.reason() != RejectReason::kBadCheckpoint) return then;
    }
    return refused;
  }

  static std::optional<RefusedCheckpoint> RefusedAt(const std::string& note,
                                                    const trust::TrustedLog& log,
                                                    TimestampMs time) {
    const JudgedCheckpoint judged = JudgeCheckpoint(log, note, time);
    const auto* refused = std::get_if<RefusedCheckpoint>(&judged);
    return refused == nullptr ? std::nullopt : std::optional(*refused);
  }

  const TimestampMs now_;
  const Times& times_;
  const sigstore::ForeignBundle bundle_;
  std::optional<crypto::PublicKey> key_;
  Bytes certificate_;
};

}  // namespace

std::optional<RefusedEntry> JudgeOtherEntries(const Attestation& attestation,
                                              const trust::Trust& trust, TimestampMs now,
                                              const Times& times) {
  const std::vector<LogEntry>& entries = attestation.bundle.entries;
  if (entries.size() < 2) return std::nullopt;
  if (auto repeated = FindRepeatedEntry(entries)) return repeated;
  std::optional<EntryJudge> judge;
  for (const LogEntry& entry : entries) {
    const trust::TrustedLog* log = trust.FindLog(entry.log_id);
    if (log == nullptr || log == attestation.position->log) continue;
    if (!judge) judge.emplace(attestation, now, times);
    if (auto refused = judge->Judge(entry, *log)) return refused;
  }
  return std::nullopt;
}

}  // namespace carnet::verifier::bundle
