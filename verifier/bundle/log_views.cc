#include "verifier/bundle/log_views.h"

#include <fmt/core.h>

#include <algorithm>

#include "verifier/bundle/judge_checkpoint.h"

namespace carnet::verifier::bundle {

namespace {

std::string HintFor(const trust::TrustedLog& log, RejectReason reason, TimestampMs now) {
  if (reason == RejectReason::kLogViewsDiffer) {
    return "refresh the receipts to one tree size; if that cannot be done, the log has forked";
  }
  const bool expired = std::any_of(log.keys.begin(), log.keys.end(), [now](const auto& key) {
    return key.dates.until && *key.dates.until <= now;
  });
  if (reason != RejectReason::kBadCheckpoint || !expired) return "";
  return "what a key of this log signed before its end counts with a time stamp on every line, of "
         "a "
         "trusted authority and from before that end; or with tree sizes in logs.toml";
}

}  // namespace

LogViews::Judged LogViews::JudgeNew(const trust::TrustedLog& log, const std::string& note,
                                    TimestampMs time) {
  const JudgedCheckpoint judged = JudgeCheckpoint(log, note, time);
  if (const auto* refused = std::get_if<RefusedCheckpoint>(&judged)) {
    const bool bad = refused->refusal.reason() == RejectReason::kBadCheckpoint;
    return {{}, (bad ? "checkpoint: " : "") + refused->why, refused->refusal};
  }
  const auto& verified = std::get<merkle::VerifiedCheckpoint>(judged);
  const merkle::Checkpoint& shown = verified.checkpoint();
  const auto [text, first] = texts_.emplace(&log, verified.text());
  if (first) {
    views_.push_back({&log, shown});
  } else if (text->second != verified.text()) {
    return {{},
            fmt::format("the checkpoint of {} has {}, while other lines show {}", log.origin,
                        DescribeTree(shown), DescribeTree(Find(log)->checkpoint)),
            {10, RejectReason::kLogViewsDiffer},
            other_texts_.emplace(&log, verified.text()).second};
  }
  return {static_cast<size_t>(Find(log) - views_.data()), {}};
}

const LogView* LogViews::Find(const trust::TrustedLog& log) const {
  const auto view = std::find_if(views_.begin(), views_.end(),
                                 [&log](const LogView& each) { return each.log == &log; });
  return view == views_.end() ? nullptr : &*view;
}

LogViews::Judged* LogViews::JudgeAt(const trust::TrustedLog& log, const std::string& note,
                                    const std::vector<TimestampMs>& times) {
  for (const TimestampMs time : times) {
    const trust::TrustedLogKey* key = KeyForNote(log, note, time);
    if (key == nullptr) continue;
    auto& notes = old_notes_[key];
    auto found = notes.find(note);
    if (found == notes.end()) found = notes.emplace(note, JudgeNew(log, note, time)).first;
    Judged& judged = found->second;
    if (judged.view || judged.refusal.reason() != RejectReason::kBadCheckpoint) return &judged;
  }
  return nullptr;
}

const LogView* LogViews::Judge(const trust::TrustedLog& log, const std::string& note,
                               const Statement& line, const Times& times) {
  auto& notes = notes_[&log];
  auto found = notes.find(note);
  if (found == notes.end()) found = notes.emplace(note, JudgeNew(log, note, now_)).first;
  Judged* of = &found->second;
  if (!of->view && of->refusal.reason() == RejectReason::kBadCheckpoint) {
    Judged* then = JudgeAt(log, note, times());
    if (then != nullptr) of = then;
  }
  Judged& judged = *of;
  if (judged.view) return &views_[*judged.view];
  if (!judged.to_report) return nullptr;
  const bool stale = judged.refusal.reason() == RejectReason::kLogViewsDiffer;
  findings_.Add({judged.refusal, judged.why, line.id, line.number,
                 HintFor(log, judged.refusal.reason(), now_)});
  judged.to_report = !stale;  // two views of a log are one finding, however many lines show them
  return nullptr;
}

}  // namespace carnet::verifier::bundle
