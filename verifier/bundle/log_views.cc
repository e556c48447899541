#include "verifier/bundle/log_views.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/base64.h"
#include "core/result.h"

namespace carnet::verifier::bundle {
namespace {

std::string Describe(const merkle::Checkpoint& checkpoint) {
  return fmt::format("size {} and root {}", checkpoint.size.value(),
                     Base64Encode(checkpoint.root.span()));
}

// The size decides which key may have signed, so it is read before anything is verified.
Result<merkle::VerifiedCheckpoint> VerifyByKeyInForce(const trust::TrustedLog& log,
                                                      const std::string& note, TimestampMs now) {
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  CARNET_TRY(const merkle::Checkpoint claimed, merkle::ParseUnverifiedCheckpoint(parsed.text));
  const trust::TrustedLogKey* key = log.KeyInForce(claimed.size, now);
  if (key == nullptr) {
    return Rejected(
        fmt::format("no key of {} is in force for tree size {}", log.origin, claimed.size.value()));
  }
  return merkle::VerifiedCheckpoint::Verify(note, key->key);
}

const merkle::Checkpoint* FindPin(const trust::TrustedLog& log, TreeSize size) {
  const auto pin = std::find_if(log.pins.begin(), log.pins.end(),
                                [size](const auto& candidate) { return candidate.size == size; });
  return pin == log.pins.end() ? nullptr : &*pin;
}

}  // namespace

LogViews::Judged LogViews::JudgeNew(const trust::TrustedLog& log, const std::string& note) {
  const auto verified = VerifyByKeyInForce(log, note, now_);
  if (!verified) return {{}, "checkpoint: " + verified.error().message};
  const merkle::Checkpoint& shown = verified->checkpoint();
  if (const auto* pin = FindPin(log, shown.size); pin != nullptr && pin->root != shown.root) {
    return {{},
            fmt::format("the checkpoint of {} has {}, but the trust directory pins {}", log.origin,
                        Describe(shown), Describe(*pin)),
            {10, RejectReason::kLogFork}};
  }
  const auto [text, first] = texts_.emplace(&log, verified->text());
  if (first) {
    views_.push_back({&log, shown});
  } else if (text->second != verified->text()) {
    const auto seen = std::find_if(views_.begin(), views_.end(),
                                   [&log](const LogView& view) { return view.log == &log; });
    return {{},
            fmt::format("the checkpoint of {} has {}, while other lines show {}", log.origin,
                        Describe(shown), Describe(seen->checkpoint)),
            {10, RejectReason::kLogViewsDiffer}};
  }
  const auto view = std::find_if(views_.begin(), views_.end(),
                                 [&log](const LogView& v) { return v.log == &log; });
  return {static_cast<size_t>(view - views_.begin()), {}};
}

const LogView* LogViews::Judge(const trust::TrustedLog& log, const std::string& note,
                               const Statement& line) {
  auto& notes = notes_[&log];
  auto found = notes.find(note);
  if (found == notes.end()) found = notes.emplace(note, JudgeNew(log, note)).first;
  const Judged& judged = found->second;
  if (judged.view) return &views_[*judged.view];
  const bool stale = judged.refusal.reason() == RejectReason::kLogViewsDiffer;
  findings_.Add({judged.refusal, judged.why, line.id, line.number,
                 stale ? "refresh the receipts to one tree size; if that cannot be done, the log "
                         "has forked"
                       : ""});
  return nullptr;
}

}  // namespace carnet::verifier::bundle
