// R14: what a log had shown to others: to whoever opened a run, to a hub that judged, in receipts.
#include <fmt/core.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/hex.h"
#include "core/share_work.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/follow.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

Result<merkle::Checkpoint> VerifySeen(std::string_view note, const trust::TrustedLog& log,
                                      TimestampMs now) {
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  std::optional<Error> out_of_force, refused;
  for (const trust::TrustedLogKey& key : log.keys) {
    auto verified = merkle::VerifiedCheckpoint::Verify(parsed, key.key);
    if (!verified) {
      refused = std::move(verified).error();
    } else if (key.MayHaveSigned(verified->size(), now)) {
      return verified->checkpoint();
    } else {
      out_of_force = Rejected(fmt::format("signed by a key that was not in force at tree size {}",
                                          verified->size().value()));
    }
  }
  CARNET_CHECK(out_of_force || refused);  // trust refuses a log without keys
  return out_of_force ? *out_of_force : *refused;
}

// Entries are not signed, so whoever passes a file on can add notes to it: junk, or any number that
// a trusted log has really published. After so many no more are verified, which loses nothing that
// could not be left out.
constexpr size_t kMaxNotesInEntries = 1'000;

// The log, and the text that it signed: borrowed from the passport, which must outlive the rule.
using ShownNote = std::pair<const trust::TrustedLog*, std::string_view>;

// Verifying a note costs as much as the run's own signature: it is done for signed runs only.
// Absent also where the log is not trusted: R9 reports that.
std::optional<ShownNote> ShownToRun(const PassportFile& file, const trust::Trust& trust,
                                    const Statement& line) {
  if (line.kind() != Kind::kRun || !file.Of(line).place) return std::nullopt;
  const trust::TrustedLog* log = trust.FindLog(line.head->ledger);
  if (log == nullptr) return std::nullopt;
  return ShownNote{log, TextOf(ReaderOf<wire::Run>(line.predicate).getSeen())};
}

// Many runs may show one note; its signature is checked once.
class SeenNotes {
 public:
  explicit SeenNotes(TimestampMs now) : now_(now) {}

  // All at once, so that threads share them: each run of a long passport may show one of its own.
  void VerifyThoseOfRuns(const PassportFile& file, const trust::Trust& trust, unsigned threads) {
    std::set<ShownNote> distinct;
    for (const Statement& line : file.lines) {
      if (const auto shown = ShownToRun(file, trust, line)) distinct.insert(*shown);
    }
    const std::vector<ShownNote> notes(distinct.begin(), distinct.end());
    std::vector<std::optional<Result<merkle::Checkpoint>>> verified(notes.size());
    ShareWork(notes.size(), threads, [&](size_t i) {
      verified[i].emplace(VerifySeen(notes[i].second, *notes[i].first, now_));
    });
    for (size_t i = 0; i < notes.size(); ++i) notes_.emplace(notes[i], *std::move(verified[i]));
  }

  const Result<merkle::Checkpoint>& Verified(const ShownNote& note) {
    const auto found = notes_.find(note);
    if (found != notes_.end()) return found->second;
    return notes_.emplace(note, VerifySeen(note.second, *note.first, now_)).first->second;
  }

  // The same for a note in an entry; null once so many different ones were verified.
  const Result<merkle::Checkpoint>* InEntry(const ShownNote& note) {
    if (!notes_.contains(note) && in_entries_++ >= kMaxNotesInEntries) return nullptr;
    return &Verified(note);
  }

 private:
  const TimestampMs now_;
  size_t in_entries_ = 0;
  std::map<ShownNote, Result<merkle::Checkpoint>> notes_;
};

void Refuse(const Statement& run, const std::string& what, std::string hint, Findings& findings) {
  findings.Add(
      FindingAbout(run, {14, RejectReason::kBadSeenCheckpoint}, "seen: " + what, std::move(hint)));
}

void CheckSize(const PassportFile& file, const SeenCheckpoint& seen, Findings& findings) {
  const Statement& run = *seen.line;
  const uint64_t size = seen.checkpoint.size.value();
  const auto& own = file.Of(run).position;
  if (own && size > own->index.value()) {
    Refuse(
        run,
        fmt::format("tree size {} is beyond the run's own log index {}", size, own->index.value()),
        "a run is opened before it is logged", findings);
  }
  for (const auto& reference : run.references) {
    const Statement* target = file.lines.Find(reference.target);
    if (target == nullptr) continue;
    const auto& position = file.Of(*target).position;
    if (!position || position->log != seen.log) continue;
    if (seen.checkpoint.size.Contains(position->index)) continue;
    Refuse(run,
           fmt::format("tree size {} does not include {}, which {} refers to, at log index {}",
                       size, Describe(*target), reference.field, position->index.value()),
           "a run is opened once all that it refers to is in the ledger", findings);
  }
}

// The log of the passport that a verdict is about: its checkpoint names none.
std::optional<SeenCheckpoint> JudgedUnder(const PassportFile& file, const trust::Trust& trust,
                                          const Statement& line) {
  const auto verdict = ReaderOf<wire::Verdict>(line.predicate);
  const auto inputs = verdict.getInputAttestations();
  if (!verdict.hasCarnetCheckpoint() || inputs.size() == 0) return std::nullopt;
  const Statement* passport =
      statements::Follow(file.lines, inputs[0].getDigest().getSha256(), Kind::kPassport);
  if (passport == nullptr) return std::nullopt;
  const trust::TrustedLog* log = trust.FindLog(passport->head->ledger);
  if (log == nullptr) return std::nullopt;
  const auto judged = verdict.getCarnetCheckpoint();
  return SeenCheckpoint{&line,
                        "carnet_checkpoint",
                        log,
                        {log->origin,
                         TreeSize(judged.getSize().getValue()),
                         schemas::DigestOf<RootHash>(judged.getRoot()),
                         {}}};
}

// What a line shows of logs that are not its own. Nothing of a line that is itself refused counts:
// an unsigned line could name any number of notes to verify.
void AddForeignEntries(const Attestation& attestation, const Statement& line,
                       const trust::Trust& trust, SeenNotes& notes,
                       std::vector<SeenCheckpoint>& all) {
  for (const sigstore::LogEntry& entry : attestation.bundle.entries) {
    const trust::TrustedLog* log = trust.FindLog(entry.log_id);
    if (log == nullptr || log == attestation.position->log) continue;
    const auto* checkpoint = notes.InEntry({log, entry.checkpoint});
    if (checkpoint != nullptr && *checkpoint) {
      all.push_back({&line, "tlogEntries", log, **checkpoint});
    }
  }
}

}  // namespace

std::vector<SeenCheckpoint> CheckSeenCheckpoints(const PassportFile& file,
                                                 const trust::Trust& trust, TimestampMs now,
                                                 unsigned threads, Findings& findings) {
  std::vector<SeenCheckpoint> all;
  SeenNotes notes(now);
  notes.VerifyThoseOfRuns(file, trust, threads);
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (attestation.signature_good && attestation.position) {
      AddForeignEntries(attestation, line, trust, notes, all);
      const auto judged =
          line.kind() == Kind::kVerdict ? JudgedUnder(file, trust, line) : std::nullopt;
      if (judged) all.push_back(*judged);
    }
    const auto shown = ShownToRun(file, trust, line);
    if (!shown) continue;
    const auto& checkpoint = notes.Verified(*shown);
    if (!checkpoint) {
      Refuse(line, checkpoint.error().message,
             "expected a signed checkpoint of log " + shown->first->origin, findings);
      continue;
    }
    all.push_back({&line, "seen", shown->first, *checkpoint});
    CheckSize(file, all.back(), findings);
  }
  return all;
}

void CheckForks(const PassportFile& file, const trust::Trust& trust,
                const std::vector<SeenCheckpoint>& seen, Findings& findings) {
  struct Known {
    RootHash root;
    std::string where;
  };
  std::map<std::pair<const trust::TrustedLog*, TreeSize>, Known> roots;
  for (const trust::TrustedLog& log : trust.logs()) {
    for (const auto& pin : log.pins) {
      roots.emplace(std::make_pair(&log, pin.size),
                    Known{pin.root, "the pin in the trust directory"});
    }
  }
  for (const LogView& view : file.views) {  // against the pins: R10
    roots.emplace(std::make_pair(view.log, view.checkpoint.size),
                  Known{view.checkpoint.root, "the receipts"});
  }
  for (const SeenCheckpoint& one : seen) {
    const Known own{one.checkpoint.root, Describe(*one.line)};
    const auto known = roots.emplace(std::make_pair(one.log, one.checkpoint.size), own).first;
    if (known->second.root == own.root) continue;
    findings.Add(FindingAbout(
        *one.line, {14, RejectReason::kLogFork},
        fmt::format("{}: log {} at tree size {} has root {}, but according to {} it has {}",
                    one.field, one.log->origin, one.checkpoint.size.value(),
                    HexEncode(own.root.span()), known->second.where,
                    HexEncode(known->second.root.span())),
        "the log has shown two histories: ask its operator, and keep both checkpoints"));
  }
}

}  // namespace carnet::verifier::lineage
