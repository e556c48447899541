#include "cli/verdict_text.h"

#include "core/hex.h"
#include "json/writer.h"

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

std::string DecisionLine(const Verdict& verdict, const Terminal& terminal) {
  const std::string name = Padded("decision", kNameWidth);
  if (verdict.decision == Decision::kPass) return name + terminal.Green("pass") + "\n";
  size_t failed = 0;
  for (const verifier::Row& row : verdict.rows) failed += row.status == RowStatus::kFail ? 1 : 0;
  std::string text = name + terminal.Red(Padded("fail", kStatusWidth)) + std::to_string(failed) +
                     " of " + std::to_string(verdict.rows.size()) + " checks failed";
  if (!verdict.findings.empty()) text += "; the reason: " + Reason(verdict.findings.front());
  return text + "\n";
}

void WriteRows(const Verdict& verdict, json::Writer& writer) {
  writer.Key("rows").BeginArray();
  for (const verifier::Row& row : verdict.rows) {
    writer.BeginObject()
        .Member("name", row.name)
        .Member("status", verifier::RowStatusName(row.status))
        .Member("text", row.text)
        .EndObject();
  }
  writer.EndArray();
}

void WriteFindings(const Verdict& verdict, json::Writer& writer) {
  writer.Key("findings").BeginArray();
  for (const Finding& finding : verdict.findings) {
    writer.BeginObject()
        .Member("rule", "R" + std::to_string(finding.rule()))
        .Member("reason", verifier::RejectReasonName(finding.reason()))
        .Member("anchor", verifier::AnchorOf(finding.refusal))
        .Member("message", finding.message);
    if (finding.statement) writer.Member("statement", HexEncode(finding.statement->span()));
    if (finding.line) writer.Member("line", uint64_t{*finding.line});
    if (!finding.hint.empty()) writer.Member("hint", finding.hint);
    writer.EndObject();
  }
  writer.EndArray().Member("findings_total", uint64_t{verdict.findings_total});
}

void WriteThresholds(const Verdict& verdict, json::Writer& writer) {
  writer.Key("thresholds").BeginArray();
  for (const verifier::ThresholdFact& fact : verdict.thresholds) {
    writer.BeginObject()
        .Member("policy", fact.policy)
        .Member("threshold", fact.threshold)
        .Member("state", verifier::ThresholdStateName(fact.state))
        .Member("value", fact.value)
        .Member("lower_bound", fact.lower_bound)
        .Member("comparison", fact.comparison)
        .Member("limit", fact.limit)
        .Member("rule", fact.rule)
        .Member("status", fact.status)
        .Member("source", fact.source)
        .EndObject();
  }
  writer.EndArray();
}

void WriteSum(std::string_view key, const std::optional<verifier::FlopSum>& sum,
              json::Writer& writer) {
  if (!sum) return;
  writer.Key(key)
      .BeginObject()
      .Member("flop", sum->amount.ToString())
      .Member("lower_bound", sum->lower_bound)
      .EndObject();
}

void WriteTexts(std::string_view key, const std::vector<std::string>& texts, json::Writer& writer) {
  writer.Key(key).BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

}  // namespace

std::string VerdictText(const Verdict& verdict, const Terminal& terminal) {
  std::string text;
  for (const verifier::Row& row : verdict.rows) {
    text += Padded(row.name, kNameWidth) + ColouredStatus(row.status, terminal) + row.text + "\n";
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

std::string VerdictJson(const Verdict& verdict) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("decision", verdict.decision == Decision::kPass ? "pass" : "fail");
  if (!verdict.findings.empty()) {
    writer.Member("reason", verifier::RejectReasonName(verdict.findings.front().reason()));
  }
  if (verdict.model) writer.Member("model", HexEncode(verdict.model->span()));
  if (verdict.passport) writer.Member("passport", HexEncode(verdict.passport->span()));
  writer.Member("name", verdict.model_name)
      .Member("attestations", uint64_t{verdict.attestations})
      .Member("policy", verdict.policy_id)
      .Member("policy_sha256", verdict.policy_digest)
      .Member("at", FormatTimestamp(verdict.at))
      .Member("now", FormatTimestamp(verdict.now));
  if (verdict.checkpoint) {
    writer.Key("checkpoint")
        .BeginObject()
        .Member("origin", verdict.checkpoint->origin)
        .Member("size", verdict.checkpoint->size.value())
        .Member("root", HexEncode(verdict.checkpoint->root.span()))
        .EndObject();
  }
  WriteSum("parameter_update", verdict.parameter_update, writer);
  WriteSum("cumulative", verdict.cumulative, writer);
  WriteRows(verdict, writer);
  WriteFindings(verdict, writer);
  WriteThresholds(verdict, writer);
  WriteTexts("not_checked", verdict.not_checked, writer);
  WriteTexts("warnings", verdict.warnings, writer);
  return writer.EndObject().Take();
}

}  // namespace carnet::cli
