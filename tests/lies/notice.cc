#include "tests/lies/notice.h"

#include <algorithm>
#include <array>
#include <optional>

namespace carnet::test::lies {
namespace {

using verifier::FlopSum;
using verifier::Row;
using verifier::RowStatus;
using verifier::ThresholdFact;
using verifier::ThresholdState;
using verifier::Verdict;

bool IsLowerBound(const std::optional<FlopSum>& sum) { return !sum || sum->lower_bound; }

// Custody and hardware are unattested in every verdict.
bool IsJudged(const Row& row) { return row.name != "custody" && row.name != "hardware"; }

std::string MarkedRow(const Verdict& truth, const Verdict& lie) {
  for (size_t i = 0; i < lie.rows.size(); ++i) {
    const Row& row = lie.rows[i];
    if (IsJudged(row) && truth.rows[i].status == RowStatus::kPass &&
        row.status != RowStatus::kPass) {
      return row.name + " is " + std::string(verifier::RowStatusName(row.status));
    }
  }
  return "";
}

// To the next level, of two verdicts of one level.
std::string NewlyMissing(const Verdict& truth, const Verdict& lie) {
  const auto& known = truth.level.missing;
  for (const std::string& each : lie.level.missing) {
    const bool is_count = each.ends_with(" more");
    if (!is_count && std::find(known.begin(), known.end(), each) == known.end()) return each;
  }
  return "";
}

std::string Marked(const Verdict& truth, const Verdict& lie) {
  if (lie.level.number < truth.level.number) return "a lower level";
  if (IsLowerBound(lie.cumulative) && !IsLowerBound(truth.cumulative)) return "a lower bound";
  if (IsLowerBound(lie.parameter_update) && !IsLowerBound(truth.parameter_update)) {
    return "a lower bound";
  }
  for (size_t i = 0; i < lie.thresholds.size(); ++i) {
    const ThresholdFact& fact = lie.thresholds[i];
    if (fact.lower_bound && !truth.thresholds[i].lower_bound) {
      return fact.threshold + " is a lower bound";
    }
    if (fact.state == ThresholdState::kUndisclosed &&
        truth.thresholds[i].state != ThresholdState::kUndisclosed) {
      return fact.threshold + " is open: " + std::string(ThresholdBasisName(fact.why));
    }
  }
  if (lie.level.number == truth.level.number) {
    if (std::string missing = NewlyMissing(truth, lie); !missing.empty()) return missing;
  }
  return MarkedRow(truth, lie);
}

constexpr std::array<const char*, 7> kWarnings = {
    "not counter-signed",   "of it counter-signed",           "used without an allocation",
    "off the weights_from", "at most one independent method", "along no edge",
    "is not evidence"};

std::string NewWords(const Verdict& truth, const Verdict& lie) {
  const auto says = [](const Verdict& verdict, const char* words) {
    return std::any_of(verdict.rows.begin(), verdict.rows.end(),
                       [&](const Row& row) { return row.text.find(words) != std::string::npos; });
  };
  for (const char* words : kWarnings) {
    if (says(lie, words) && !says(truth, words)) return words;
  }
  return "";
}

// Thresholds that the truth meets and the lie does not.
std::string Missed(const Verdict& truth, const Verdict& lie) {
  std::string missed;
  for (size_t i = 0; i < lie.thresholds.size(); ++i) {
    if (truth.thresholds[i].state != ThresholdState::kMet) continue;
    if (lie.thresholds[i].state != ThresholdState::kNotMet) continue;
    missed += (missed.empty() ? "" : ", ") + lie.thresholds[i].threshold + " not met (" +
              std::string(ThresholdBasisName(lie.thresholds[i].why)) +
              "): " + lie.thresholds[i].bounds;
  }
  return missed;
}

}  // namespace

Noticed Compare(const Verdict& truth, const Verdict& lie, bool lowers) {
  if (lie.decision != verifier::Decision::kPass) {
    return {Notice::kRefused, lie.findings.empty() ? "" : lie.findings.front().message};
  }
  if (const std::string marked = Marked(truth, lie); !marked.empty()) {
    return {Notice::kMarked, marked};
  }
  const std::string missed = Missed(truth, lie);
  if (lowers && missed.empty() && IsLowerBound(lie.cumulative)) {
    return {Notice::kMarked, "a lower bound, as in the truth"};
  }
  if (const std::string words = NewWords(truth, lie); !words.empty()) {
    return {Notice::kWords, words + "; " + missed};
  }
  return {Notice::kNothing, missed};
}

}  // namespace carnet::test::lies
