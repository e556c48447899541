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

const merkle::Checkpoint* FindPin(const trust::TrustedLog& log, TreeSize size) {
  const auto pin = std::find_if(log.pins.begin(), log.pins.end(),
                                [size](const auto& candidate) { return candidate.size == size; });
  return pin == log.pins.end() ? nullptr : &*pin;
}

// A pin vouches for the tree, whatever has become of the key since.
Result<merkle::VerifiedCheckpoint> VerifyByAnyKey(const trust::TrustedLog& log,
                                                  const std::string& note) {
  std::optional<Error> refused;
  for (const trust::TrustedLogKey& key : log.keys) {
    auto verified = merkle::VerifiedCheckpoint::Verify(note, key.key);
    if (verified) return verified;
    refused = std::move(verified).error();
  }
  CARNET_CHECK(refused);  // trust refuses a log without keys
  return *std::move(refused);
}

// The size decides which key may have signed, so it is read before anything is verified.
Result<merkle::VerifiedCheckpoint> VerifyByKeyInForce(const trust::TrustedLog& log,
                                                      const std::string& note, TimestampMs now) {
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  CARNET_TRY(const merkle::Checkpoint claimed, merkle::ParseUnverifiedCheckpoint(parsed.text));
  const merkle::Checkpoint* pin = FindPin(log, claimed.size);
  if (pin != nullptr && pin->root == claimed.root) return VerifyByAnyKey(log, note);
  const trust::TrustedLogKey* key = log.KeyInForce(claimed.size, now);
  if (key == nullptr) {
    return Rejected(
        fmt::format("no key of {} is in force for tree size {}", log.origin, claimed.size.value()));
  }
  return merkle::VerifiedCheckpoint::Verify(parsed, key->key);
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
    return {{},
            fmt::format("the checkpoint of {} has {}, while other lines show {}", log.origin,
                        Describe(shown), Describe(Find(log)->checkpoint)),
            {10, RejectReason::kLogViewsDiffer},
            other_texts_.emplace(&log, verified->text()).second};
  }
  return {static_cast<size_t>(Find(log) - views_.data()), {}};
}

const LogView* LogViews::Find(const trust::TrustedLog& log) const {
  const auto view = std::find_if(views_.begin(), views_.end(),
                                 [&log](const LogView& each) { return each.log == &log; });
  return view == views_.end() ? nullptr : &*view;
}

const LogView* LogViews::Judge(const trust::TrustedLog& log, const std::string& note,
                               const Statement& line) {
  auto& notes = notes_[&log];
  auto found = notes.find(note);
  if (found == notes.end()) found = notes.emplace(note, JudgeNew(log, note)).first;
  Judged& judged = found->second;
  if (judged.view) return &views_[*judged.view];
  if (!judged.to_report) return nullptr;
  const bool stale = judged.refusal.reason() == RejectReason::kLogViewsDiffer;
  findings_.Add({judged.refusal, judged.why, line.id, line.number,
                 stale ? "refresh the receipts to one tree size; if that cannot be done, the log "
                         "has forked"
                       : ""});
  judged.to_report = !stale;  // two views of a log are one finding, however many lines show them
  return nullptr;
}

}  // namespace carnet::verifier::bundle
