#include "cli/verdict_text.h"

#include <algorithm>

#include "core/check.h"

namespace carnet::cli {
namespace {

using verifier::Decision;
using verifier::Finding;
using verifier::RowStatus;
using verifier::Verdict;

constexpr size_t kNameWidth = 13;
constexpr size_t kStatusWidth = 16;

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size() + 1), ' ');
  return padded;
}

std::string ColouredStatus(RowStatus status, const Terminal& terminal) {
  std::string text = Padded(verifier::RowStatusName(status), kStatusWidth);
  switch (status) {
    case RowStatus::kPass:
      return terminal.Green(text);
    case RowStatus::kFail:
      return terminal.Red(text);
    case RowStatus::kUndisclosed:
    case RowStatus::kUnattested:
    case RowStatus::kNotChecked:
      return terminal.Yellow(text);
    case RowStatus::kNotApplicable:
      return text;
  }
  CARNET_CHECK(false);
}

std::string Reason(const Finding& finding) {
  return std::string(verifier::RejectReasonName(finding.reason())) + " (R" +
         std::to_string(finding.rule()) + ")";
}

std::string FindingLines(const Finding& finding) {
  std::string text = Padded("finding", kNameWidth) + Reason(finding) + ": ";
  if (finding.line) text += "line " + std::to_string(*finding.line) + ": ";
  text += finding.message + "\n";
  if (!finding.hint.empty()) text += std::string(kNameWidth, ' ') + finding.hint + "\n";
  return text;
}

std::string LevelLine(const Verdict& verdict) {
  const auto& [number, missing] = verdict.level;
  std::string text = Padded("level", kNameWidth) + Padded(std::to_string(number), kStatusWidth) +
                     std::string(verifier::LevelName(number));
  std::string separator = "; missing for level " + std::to_string(number + 1) + ": ";
  for (const std::string& item : missing) {
    text += separator + item;
    separator = "; ";
  }
  return text + "\n";
}

std::string DecisionLine(const Verdict& verdict, const Terminal& terminal) {
  const std::string name = Padded("decision", kNameWidth);
  if (verdict.decision == Decision::kPass) return name + terminal.Green("pass") + "\n";
  size_t failed = 0;
  size_t not_checked = 0;
  for (const verifier::Row& row : verdict.rows) {
    failed += row.status == RowStatus::kFail ? 1 : 0;
    not_checked += row.status == RowStatus::kNotChecked ? 1 : 0;
  }
  std::string text = name + terminal.Red(Padded("fail", kStatusWidth)) + std::to_string(failed) +
                     " of " + std::to_string(verdict.rows.size()) + " checks failed";
  if (not_checked > 0) {
    text +=
        ", " + std::to_string(not_checked) + (not_checked == 1 ? " was" : " were") + " not made";
  }
  if (!verdict.findings.empty()) text += "; the reason: " + Reason(verdict.findings.front());
  return text + "\n";
}

}  // namespace

ExitCode ExitCodeOf(const verifier::Verdict& verdict) {
  return verdict.decision == verifier::Decision::kPass ? ExitCode::kYes : ExitCode::kNo;
}

std::string VerdictText(const Verdict& verdict, const Terminal& terminal) {
  std::string text;
  for (const verifier::Row& row : verdict.rows) {
    text += Padded(row.name, kNameWidth) + ColouredStatus(row.status, terminal) + row.text + "\n";
  }
  text += LevelLine(verdict);
  for (const verifier::OwnChips& chips : verdict.chips) {
    const bool of_trust = chips.of == "trust";
    text += Padded("chips", kNameWidth) + (of_trust ? "the trust directory's" : "the caller's") +
            " catalogue goes before the shipped one: sha256:" + chips.digest + "\n";
  }
  for (const Finding& finding : verdict.findings) text += FindingLines(finding);
  if (verdict.findings_total > verdict.findings.size()) {
    text += Padded("finding", kNameWidth) + "and " +
            std::to_string(verdict.findings_total - verdict.findings.size()) + " more\n";
  }
  for (const std::string& warning : verdict.warnings) {
    text += Padded("warning", kNameWidth) + warning + "\n";
  }
  std::string separator;
  text += Padded("not checked", kNameWidth);
  for (const std::string& item : verdict.not_checked) {
    text += separator + item;
    separator = "; ";
  }
  return text + "\n" + DecisionLine(verdict, terminal);
}

}  // namespace carnet::cli
