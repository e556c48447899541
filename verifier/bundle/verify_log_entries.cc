#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "core/utf8.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "sigstore/hashedrekord.h"
#include "verifier/bundle/log_views.h"
#include "verifier/bundle/verify.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::LogEntry;

struct Chosen {
  const trust::TrustedLog* log;
  const LogEntry* entry;
};

class EntryChecker {
 public:
  EntryChecker(const trust::Trust& trust, TimestampMs now, Findings& findings)
      : trust_(trust), findings_(findings), views_(now, findings) {}

  void Check(const Statement& line, Attestation& attestation) {
    const auto chosen = Choose(line, attestation.bundle.entries);
    if (!chosen) return;
    const LogView* view = views_.Judge(*chosen->log, chosen->entry->checkpoint, line);
    if (view == nullptr || attestation.key == nullptr) return;
    if (!CheckBody(line, attestation, *chosen->entry)) return;
    attestation.position = CheckProof(line, *chosen->entry, *view);
    if (attestation.position) {
      attestation.place = {attestation.position->log, attestation.position->index};
    }
  }

  // As if it were the next entry of its log. Requires that all other lines were checked.
  void PlaceUnlogged(const Statement& line, Attestation& attestation) {
    const trust::TrustedLog* log = trust_.FindLog(line.predicate.head()->ledger);
    if (log == nullptr) return RefuseUnknownLog(line);
    const LogView* view = views_.Find(*log);
    attestation.place = {log, LeafIndex(view == nullptr ? 0 : view->checkpoint.size.value())};
  }

  std::vector<LogView> TakeViews() { return views_.Take(); }

 private:
  void Refuse(const Statement& line, Refusal refusal, std::string message, std::string hint = "") {
    findings_.Add({refusal, std::move(message), line.id, line.number, std::move(hint)});
  }

  void RefuseUnknownLog(const Statement& line) {
    Refuse(line, {9, RejectReason::kWrongLedger},
           fmt::format("head.ledger {} names no trusted log",
                       HexEncode(line.predicate.head()->ledger.span())));
  }

  const trust::TrustedLog* FirstTrustedLog(const std::vector<LogEntry>& entries) const {
    for (const LogEntry& entry : entries) {
      if (const trust::TrustedLog* log = trust_.FindLog(entry.log_id)) return log;
    }
    return nullptr;
  }

  // R9
  std::optional<Chosen> Choose(const Statement& line, const std::vector<LogEntry>& entries) {
    const auto head = line.predicate.head();
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

  // R11, what the entry says about itself
  bool CheckBody(const Statement& line, const Attestation& attestation, const LogEntry& entry) {
    std::string what;
    const Bytes& body = entry.canonicalized_body;
    if (AsText(body) != sigstore::WriteHashedRekord(line.id, attestation.bundle.envelope.signature,
                                                    attestation.key->key.spki())) {
      what = "canonicalizedBody is not the entry of this statement, signature and key";
    } else if (entry.kind != sigstore::kEntryKind || entry.version != sigstore::kEntryVersion) {
      what = fmt::format("kindVersion: expected {} {}, found {} {}", sigstore::kEntryKind,
                         sigstore::kEntryVersion, Printable(entry.kind), Printable(entry.version));
    } else if (entry.integrated_time != 0) {
      what = fmt::format("integratedTime: expected none, found {}: this log vouches for no times",
                         entry.integrated_time);
    } else if (entry.has_inclusion_promise) {
      what = "inclusionPromise: expected none: this log makes no promises";
    } else {
      return true;
    }
    Refuse(line, {11, RejectReason::kWrongLogBody}, what);
    return false;
  }

  // R11, where the entry is
  std::optional<LogPosition> CheckProof(const Statement& line, const LogEntry& entry,
                                        const LogView& view) {
    const merkle::Checkpoint& checkpoint = view.checkpoint;
    const LeafIndex index(entry.log_index);
    const LeafHash leaf = merkle::HashLeaf(entry.canonicalized_body);
    std::string what;
    if (entry.proof_log_index != entry.log_index) {
      what = fmt::format("inclusionProof.logIndex is {}, but logIndex is {}", entry.proof_log_index,
                         entry.log_index);
    } else if (entry.proof_tree_size != checkpoint.size.value()) {
      what = fmt::format("inclusionProof.treeSize is {}, but the checkpoint's size is {}",
                         entry.proof_tree_size, checkpoint.size.value());
    } else if (RootHash::FromSpan(entry.proof_root_hash) != checkpoint.root) {
      what = "inclusionProof.rootHash is not the checkpoint's root";
    } else if (const auto checked = merkle::CheckInclusion(index, checkpoint.size, leaf,
                                                           entry.proof, checkpoint.root);
               !checked) {
      what = "inclusionProof: " + checked.error().message;
    } else {
      return LogPosition{view.log, index, checkpoint.size, leaf, &entry.proof};
    }
    Refuse(line, {11, RejectReason::kBadInclusionProof}, what);
    return std::nullopt;
  }

  const trust::Trust& trust_;
  Findings& findings_;
  LogViews views_;
};

}  // namespace

void VerifyLogEntries(PassportFile& file, const trust::Trust& trust, TimestampMs now,
                      Findings& findings) {
  EntryChecker checker(trust, now, findings);
  const Statement* unlogged = file.unlogged ? file.lines.Find(*file.unlogged) : nullptr;
  for (const Statement& line : file.lines) {
    if (&line != unlogged) checker.Check(line, file.Of(line));
  }
  if (unlogged != nullptr) checker.PlaceUnlogged(*unlogged, file.Of(*unlogged));
  file.views = checker.TakeViews();
}

}  // namespace carnet::verifier::bundle
