#include "api/verdict_text.h"

#include <algorithm>

namespace carnet {
namespace api {
namespace {

constexpr size_t kNameWidth = 13;
constexpr size_t kStatusWidth = 16;

std::string Padded(std::string_view text, size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size() + 1), ' ');
  return padded;
}

std::string Joined(const std::vector<std::string>& items, std::string separator) {
  std::string text;
  for (const std::string& item : items) {
    text += separator + item;
    separator = "; ";
  }
  return text;
}

std::string Reason(const Finding& finding) {
  return finding.reason + " (R" + std::to_string(finding.rule) + ")";
}

std::string FindingLines(const Finding& finding) {
  std::string text = Padded("finding", kNameWidth) + Reason(finding) + ": ";
  if (finding.line != 0) text += "line " + std::to_string(finding.line) + ": ";
  text += finding.message + "\n";
  if (!finding.hint.empty()) text += std::string(kNameWidth, ' ') + finding.hint + "\n";
  return text;
}

std::string LevelLine(const Verdict& verdict) {
  return Padded("level", kNameWidth) + Padded(std::to_string(verdict.level), kStatusWidth) +
         verdict.level_name +
         Joined(verdict.missing,
                "; missing for level " + std::to_string(verdict.level + 1) + ": ") +
         "\n";
}

std::string ChipsLines(const Verdict& verdict) {
  std::string text;
  for (const OwnChips& chips : verdict.chips) {
    const bool of_trust = chips.of == "trust";
    text += Padded("chips", kNameWidth) + (of_trust ? "the trust directory's" : "the caller's") +
            " catalogue goes before the shipped one: sha256:" + chips.sha256 + "\n";
  }
  return text;
}

std::string DecisionLine(const Verdict& verdict, const Paint& paint) {
  const std::string name = Padded("decision", kNameWidth);
  if (verdict.passed()) return name + paint("pass", "pass") + "\n";
  const auto having = [&](std::string_view status) {
    return std::ranges::count(verdict.rows, status, &Row::status);
  };
  const auto failed = having("fail");
  const auto not_checked = having("not checked");
  std::string text = name + paint("fail", Padded("fail", kStatusWidth)) + std::to_string(failed) +
                     " of " + std::to_string(verdict.rows.size()) + " checks failed";
  if (not_checked > 0) {
    text +=
        ", " + std::to_string(not_checked) + (not_checked == 1 ? " was" : " were") + " not made";
  }
  if (!verdict.findings.empty()) text += "; the reason: " + Reason(verdict.findings.front());
  return text + "\n";
}

}  // namespace

std::string VerdictText(const Verdict& verdict, const Paint& paint) {
  std::string text;
  for (const Row& row : verdict.rows) {
    text += Padded(row.name, kNameWidth) + paint(row.status, Padded(row.status, kStatusWidth)) +
            row.text + "\n";
  }
  text += LevelLine(verdict) + ChipsLines(verdict);
  for (const Finding& finding : verdict.findings) text += FindingLines(finding);
  if (verdict.findings_total > verdict.findings.size()) {
    text += Padded("finding", kNameWidth) + "and " +
            std::to_string(verdict.findings_total - verdict.findings.size()) + " more\n";
  }
  for (const std::string& warning : verdict.warnings) {
    text += Padded("warning", kNameWidth) + warning + "\n";
  }
  text += Padded("not checked", kNameWidth) + Joined(verdict.not_checked, "") + "\n";
  return text + DecisionLine(verdict, paint);
}

}  // namespace api

std::string Verdict::ToText() const {
  return api::VerdictText(*this, [](std::string_view, std::string text) { return text; });
}

}  // namespace carnet
