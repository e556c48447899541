#include <fmt/core.h>

#include <algorithm>

#include "core/check.h"
#include "core/hex.h"
#include "core/share_work.h"
#include "core/utf8.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "sigstore/hashedrekord.h"
#include "verifier/bundle/log_views.h"
#include "verifier/bundle/other_entries.h"
#include "verifier/bundle/token_times.h"
#include "verifier/bundle/verify.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::LogEntry;

struct Chosen {
  const trust::TrustedLog* log;
  const LogEntry* entry;
};

// Verified ones. Of a key's line only what is asked for: nothing else of it rests on its time
// stamps, so that a bad one proves nothing and refuses nothing.
std::vector<TimestampMs> VerifiedTimesOf(const Attestation& attestation, const trust::Trust& trust,
                                         TimestampMs now) {
  const CertifiedSigner* certified = attestation.signer->certified();
  if (certified != nullptr) return certified->times;
  auto times = TokenTimes(attestation.bundle, trust.certificates().timestamp_authorities, now);
  return times ? *std::move(times) : std::vector<TimestampMs>();
}

// R9 and R10, line by line.
class EntryChooser {
 public:
  EntryChooser(const trust::Trust& trust, TimestampMs now, Findings& findings)
      : trust_(trust), now_(now), findings_(findings), views_(now, findings) {}

  // Absent, with a finding, unless there is one that R11 is to judge.
  std::optional<Chosen> Choose(const Statement& line, const Attestation& attestation) {
    const auto chosen = ChooseEntry(line, attestation.bundle.entries);
    if (!chosen || !attestation.signature_good) return {};
    const auto times = [&] { return VerifiedTimesOf(attestation, trust_, now_); };
    if (views_.Judge(*chosen->log, chosen->entry->checkpoint, line, times) == nullptr) return {};
    return chosen;
  }

  // As if it were the next entry of its log. Requires that all other lines were checked.
  // `ahead`: unlogged statements that would be logged before it.
  void PlaceUnlogged(const Statement& line, uint64_t ahead, Attestation& attestation) {
    const trust::TrustedLog* log = trust_.FindLog(line.head->ledger);
    if (log == nullptr) return RefuseUnknownLog(line);
    const LogView* view = views_.Find(*log);
    attestation.place = {log,
                         LeafIndex((view == nullptr ? 0 : view->checkpoint.size.value()) + ahead)};
  }

  std::vector<LogView> TakeViews() { return views_.Take(); }

 private:
  void Refuse(const Statement& line, Refusal refusal, std::string message, std::string hint = "") {
    findings_.Add({refusal, std::move(message), line.id, line.number, std::move(hint)});
  }

  void RefuseUnknownLog(const Statement& line) {
    Refuse(line, {9, RejectReason::kWrongLedger},
           fmt::format("head.ledger {} names no trusted log", HexEncode(line.head->ledger.span())));
  }

  const trust::TrustedLog* FirstTrustedLog(const std::vector<LogEntry>& entries) const {
    for (const LogEntry& entry : entries) {
      if (const trust::TrustedLog* log = trust_.FindLog(entry.log_id)) return log;
    }
    return nullptr;
  }

  // R9
  std::optional<Chosen> ChooseEntry(const Statement& line, const std::vector<LogEntry>& entries) {
    const auto& head = line.head;
    const trust::TrustedLog* any = FirstTrustedLog(entries);
    const trust::TrustedLog* log = head ? trust_.FindLog(head->ledger) : any;
    if (head && log == nullptr) {
      RefuseUnknownLog(line);
      return std::nullopt;
    }
    std::vector<const LogEntry*> of_log;
    for (const LogEntry& entry : entries) {
      if (log != nullptr && trust_.FindLog(entry.log_id) == log) of_log.push_back(&entry);
    }
    if (of_log.size() == 1) return Chosen{log, of_log.front()};
    if (of_log.size() > 1) {
      Refuse(line, {9, RejectReason::kDuplicateLogEntry},
             fmt::format("expected one log entry from {}, found {}", log->origin, of_log.size()));
    } else if (any != nullptr) {
      Refuse(
          line, {9, RejectReason::kWrongLedger},
          fmt::format("head.ledger names {}, but the entry is from {}", log->origin, any->origin));
    } else {
      Refuse(line, {9, RejectReason::kNotLogged},
             "no log entry from " + (log != nullptr ? log->origin : "any trusted log"),
             "append the attestation to the ledger and enclose its receipt");
    }
    return std::nullopt;
  }

  const trust::Trust& trust_;
  const TimestampMs now_;
  Findings& findings_;
  LogViews views_;
};

// R11: why a line is refused; empty where it is not.
struct Wrong {
  Refusal refusal{11, RejectReason::kWrongLogBody};
  std::string what = {};
};

std::string BodyFor(const StatementId& statement, const Bytes& signature,
                    const LineSigner& signer) {
  const CertifiedSigner* certified = signer.certified();
  if (certified == nullptr) {
    return sigstore::WriteHashedRekord(statement, signature, signer.key().spki());
  }
  return sigstore::WriteCertifiedHashedRekord(statement, signature,
                                              certified->certificate.certificate.der());
}

// What the entry says about itself; empty where it is right.
std::string WrongBody(const Statement& line, const Attestation& attestation,
                      const LogEntry& entry) {
  const std::string wanted =
      BodyFor(line.id, attestation.bundle.envelope.signature, *attestation.signer);
  if (Fails("R11 body", AsText(entry.canonicalized_body) != wanted)) {
    return fmt::format("canonicalizedBody is not the entry of this statement, signature and {}",
                       attestation.signer->certified() == nullptr ? "key" : "certificate");
  }
  if (Fails("R11 kind", entry.kind != sigstore::kEntryKind) ||
      Fails("R11 version", entry.version != sigstore::kEntryVersion)) {
    return fmt::format("kindVersion: expected {} {}, found {} {}", sigstore::kEntryKind,
                       sigstore::kEntryVersion, Printable(entry.kind), Printable(entry.version));
  }
  if (Fails("R11 integrated-time", entry.integrated_time != 0)) {
    return fmt::format("integratedTime: expected none, found {}: this log vouches for no times",
                       entry.integrated_time);
  }
  if (Fails("R11 promise", !entry.signed_entry_timestamp.empty())) {
    return "inclusionPromise: expected none: this log makes no promises";
  }
  return {};
}

std::string WrongProof(const LogEntry& entry, const merkle::Checkpoint& checkpoint,
                       const LeafHash& leaf, merkle::InclusionChecker& inclusion) {
  if (Fails("R11 index", entry.proof_log_index != entry.log_index)) {
    return fmt::format("inclusionProof.logIndex is {}, but logIndex is {}", entry.proof_log_index,
                       entry.log_index);
  }
  if (Fails("R11 size", entry.proof_tree_size != checkpoint.size.value())) {
    return fmt::format("inclusionProof.treeSize is {}, but the checkpoint's size is {}",
                       entry.proof_tree_size, checkpoint.size.value());
  }
  if (Fails("R11 root", RootHash::FromSpan(entry.proof_root_hash) != checkpoint.root)) {
    return "inclusionProof.rootHash is not the checkpoint's root";
  }
  const auto checked = inclusion.Check(LeafIndex(entry.log_index), leaf, entry.proof);
  return Fails("R11 proof", !checked) ? "inclusionProof: " + checked.error().message : "";
}

// R11 for lines that one thread takes one after the other.
class Placement {
 public:
  explicit Placement(const std::vector<LogView>& views) {
    for (const LogView& view : views) {
      of_views_.push_back({view, {view.checkpoint.size, view.checkpoint.root}});
    }
  }

  // Sets the attestation's position, or says what is wrong.
  Wrong Place(const Statement& line, Attestation& attestation, const Chosen& chosen) {
    const LogEntry& entry = *chosen.entry;
    std::string what = WrongBody(line, attestation, entry);
    if (!what.empty()) return {{11, RejectReason::kWrongLogBody}, std::move(what)};
    const auto of_view = std::find_if(of_views_.begin(), of_views_.end(), [&](const OfView& each) {
      return each.view.log == chosen.log;
    });
    CARNET_CHECK(of_view != of_views_.end());  // R10 passed
    const merkle::Checkpoint& checkpoint = of_view->view.checkpoint;
    const LeafHash leaf = merkle::HashLeaf(entry.canonicalized_body);
    what = WrongProof(entry, checkpoint, leaf, of_view->inclusion);
    if (!what.empty()) return {{11, RejectReason::kBadInclusionProof}, std::move(what)};
    attestation.position.emplace(
        LogPosition{chosen.log, LeafIndex(entry.log_index), checkpoint.size, leaf, &entry.proof});
    attestation.place = {chosen.log, LeafIndex(entry.log_index)};
    return {};
  }

 private:
  struct OfView {
    const LogView& view;
    merkle::InclusionChecker inclusion;
  };
  std::vector<OfView> of_views_;
};

// Below this a thread costs more than it saves.
constexpr size_t kEntriesAPiece = 32;

// The entries beside those that count. After as many bad ones as a verdict lists the others are not
// judged.
void VerifyOtherEntries(const PassportFile& file, const trust::Trust& trust, TimestampMs now,
                        Findings& findings) {
  size_t bad = 0;
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (!attestation.position || bad == kMaxFindings) continue;
    const auto refused = JudgeOtherEntries(
        attestation, trust, now, [&] { return VerifiedTimesOf(attestation, trust, now); });
    if (!refused) continue;
    ++bad;
    findings.Add({refused->refusal, refused->why, line.id, line.number,
                  "leave the entry out, or have that log's receipt"});
  }
}

}  // namespace

void VerifyLogEntries(PassportFile& file, const trust::Trust& trust, TimestampMs now,
                      unsigned threads, Findings& findings) {
  EntryChooser chooser(trust, now, findings);
  std::vector<std::optional<Chosen>> chosen;
  chosen.reserve(file.lines.size());
  const auto is_unlogged = [&](const Statement& line) {
    return std::find(file.unlogged.begin(), file.unlogged.end(), line.id) != file.unlogged.end();
  };
  for (const Statement& line : file.lines) {
    chosen.push_back(is_unlogged(line) ? std::nullopt : chooser.Choose(line, file.Of(line)));
  }
  for (uint64_t ahead = 0; ahead < file.unlogged.size(); ++ahead) {
    const Statement* line = file.lines.Find(file.unlogged[ahead]);
    if (line != nullptr) chooser.PlaceUnlogged(*line, ahead, file.Of(*line));
  }
  file.views = chooser.TakeViews();

  std::vector<Wrong> wrong(file.lines.size());
  const size_t pieces = (wrong.size() + kEntriesAPiece - 1) / kEntriesAPiece;
  ShareWork(pieces, threads, [&](size_t piece) {
    Placement placement(file.views);
    const size_t end = std::min(wrong.size(), (piece + 1) * kEntriesAPiece);
    for (size_t i = piece * kEntriesAPiece; i < end; ++i) {
      if (chosen[i]) wrong[i] = placement.Place(file.lines[i], file.attestations[i], *chosen[i]);
    }
  });
  for (size_t i = 0; i < wrong.size(); ++i) {
    if (wrong[i].what.empty()) continue;
    const Statement& line = file.lines[i];
    findings.Add({wrong[i].refusal, std::move(wrong[i].what), line.id, line.number, ""});
  }
  VerifyOtherEntries(file, trust, now, findings);
}

}  // namespace carnet::verifier::bundle
