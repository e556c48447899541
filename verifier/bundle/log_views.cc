#include "verifier/bundle/log_views.h"

#include <fmt/core.h>

#include <algorithm>

#include "verifier/bundle/judge_checkpoint.h"

namespace carnet::verifier::bundle {

LogViews::Judged LogViews::JudgeNew(const trust::TrustedLog& log, const std::string& note) {
  const JudgedCheckpoint judged = JudgeCheckpoint(log, note, now_);
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
