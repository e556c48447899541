// R10: the one checkpoint that a passport shows of each log. Private to bundle/.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::bundle {

class LogViews {
 public:
  LogViews(TimestampMs now, Findings& findings) : now_(now), findings_(findings) {}

  // The view of `log`, if the `note` that `line` shows agrees with it; else null, with a finding,
  // of which there is one for each pair of views. A note that no key in force now has signed counts
  // for this line alone, where one that was in force at one of `times`, which are asked for only
  // then, has signed it. Valid until the next call.
  using Times = std::function<std::vector<TimestampMs>()>;
  const LogView* Judge(const trust::TrustedLog& log, const std::string& note, const Statement& line,
                       const Times& times);

  const LogView* Find(const trust::TrustedLog& log) const;  // null: none is shown

  // In the order first shown.
  std::vector<LogView> Take() { return std::move(views_); }

 private:
  struct Judged {
    std::optional<size_t> view;  // into views_
    std::string why;             // the finding otherwise
    Refusal refusal{10, RejectReason::kBadCheckpoint};
    bool to_report = true;
  };
  Judged JudgeNew(const trust::TrustedLog& log, const std::string& note, TimestampMs time);
  // Null: at none of the times a key was in force that has signed it.
  Judged* JudgeAt(const trust::TrustedLog& log, const std::string& note,
                  const std::vector<TimestampMs>& times);

  const TimestampMs now_;
  Findings& findings_;
  std::vector<LogView> views_;
  std::map<const trust::TrustedLog*, std::string> texts_;                   // of the views
  std::set<std::pair<const trust::TrustedLog*, std::string>> other_texts_;  // with a finding
  std::map<const trust::TrustedLog*, std::unordered_map<std::string, Judged>> notes_;  // now
  // By a key that is no longer in force.
  std::map<const trust::TrustedLogKey*, std::unordered_map<std::string, Judged>> old_notes_;
};

}  // namespace carnet::verifier::bundle
