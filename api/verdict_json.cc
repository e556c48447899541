#include "api/time.h"
#include "api/verdict.h"
#include "json/writer.h"

namespace carnet {
namespace {

// A caller may have built the verdict: an impossible time is written as the earliest.
std::string TimeText(Time time) {
  return FormatTimestamp(api::TimestampOf(time) ? *api::TimestampOf(time) : TimestampMs(0));
}

void WriteIncluded(const Verdict& verdict, json::Writer& writer) {
  writer.Key("included").BeginArray();
  for (const IncludedPolicy& policy : verdict.included) {
    writer.BeginObject().Member("policy", policy.id).Member("sha256", policy.sha256).EndObject();
  }
  writer.EndArray();
}

void WriteChips(const Verdict& verdict, json::Writer& writer) {
  if (verdict.chips.empty()) return;
  writer.Key("chips").BeginArray();
  for (const OwnChips& chips : verdict.chips) {
    writer.BeginObject().Member("of", chips.of).Member("sha256", chips.sha256).EndObject();
  }
  writer.EndArray();
}

void WriteRows(const Verdict& verdict, json::Writer& writer) {
  writer.Key("rows").BeginArray();
  for (const Row& row : verdict.rows) {
    writer.BeginObject()
        .Member("name", row.name)
        .Member("status", row.status)
        .Member("text", row.text)
        .EndObject();
  }
  writer.EndArray();
}

void WriteFindings(const Verdict& verdict, json::Writer& writer) {
  writer.Key("findings").BeginArray();
  for (const Finding& finding : verdict.findings) {
    writer.BeginObject()
        .Member("rule", "R" + std::to_string(finding.rule))
        .Member("reason", finding.reason)
        .Member("anchor", finding.anchor)
        .Member("message", finding.message);
    if (!finding.statement.empty()) writer.Member("statement", finding.statement);
    if (finding.line != 0) writer.Member("line", finding.line);
    if (!finding.hint.empty()) writer.Member("hint", finding.hint);
    writer.EndObject();
  }
  writer.EndArray().Member("findings_total", verdict.findings_total);
}

void WriteThresholds(const Verdict& verdict, json::Writer& writer) {
  writer.Key("thresholds").BeginArray();
  for (const Threshold& threshold : verdict.thresholds) {
    writer.BeginObject()
        .Member("policy", threshold.policy)
        .Member("threshold", threshold.id)
        .Member("state", threshold.state)
        .Member("why", threshold.why)
        .Member("lower", threshold.lower)
        .Member("stated", threshold.stated);
    if (!threshold.upper.empty()) writer.Member("upper", threshold.upper);
    writer.Member("lower_bound", threshold.lower_bound)
        .Member("bounds", threshold.bounds)
        .Member("comparison", threshold.comparison)
        .Member("limit", threshold.limit)
        .Member("rule", threshold.rule)
        .Member("status", threshold.status)
        .Member("source", threshold.source)
        .EndObject();
  }
  writer.EndArray();
}

void WriteSum(std::string_view key, const std::optional<FlopSum>& sum, json::Writer& writer) {
  if (!sum) return;
  writer.Key(key)
      .BeginObject()
      .Member("flop", sum->amount)
      .Member("lower_bound", sum->lower_bound)
      .EndObject();
}

void WriteTexts(std::string_view key, const std::vector<std::string>& texts, json::Writer& writer) {
  writer.Key(key).BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

}  // namespace

void api::WriteVerdict(const Verdict& verdict, json::Writer& writer) {
  writer.BeginObject().Member("decision", verdict.passed() ? "pass" : "fail");
  if (!verdict.reason.empty()) writer.Member("reason", verdict.reason);
  if (!verdict.model.empty()) writer.Member("model", verdict.model);
  if (!verdict.passport.empty()) writer.Member("passport", verdict.passport);
  if (!verdict.only_with_base.empty()) writer.Member("only_with_base", verdict.only_with_base);
  writer.Member("name", verdict.name)
      .Member("attestations", verdict.attestations)
      .Member("policy", verdict.policy)
      .Member("policy_sha256", verdict.policy_sha256);
  WriteIncluded(verdict, writer);
  WriteChips(verdict, writer);
  writer.Member("at", TimeText(verdict.at)).Member("now", TimeText(verdict.now));
  if (verdict.checkpoint) {
    writer.Key("checkpoint")
        .BeginObject()
        .Member("origin", verdict.checkpoint->origin)
        .Member("size", verdict.checkpoint->size)
        .Member("root", verdict.checkpoint->root)
        .EndObject();
  }
  WriteSum("parameter_update", verdict.parameter_update, writer);
  WriteSum("cumulative", verdict.cumulative, writer);
  WriteRows(verdict, writer);
  WriteFindings(verdict, writer);
  WriteThresholds(verdict, writer);
  writer.Key("level")
      .BeginObject()
      .Member("number", static_cast<uint64_t>(verdict.level < 0 ? 0 : verdict.level))
      .Member("name", verdict.level_name);
  WriteTexts("missing", verdict.missing, writer);
  writer.EndObject();
  WriteTexts("not_checked", verdict.not_checked, writer);
  WriteTexts("warnings", verdict.warnings, writer);
  writer.EndObject();
}

std::string Verdict::ToJson() const {
  json::Writer writer(json::Layout::kIndented);
  api::WriteVerdict(*this, writer);
  return writer.Take();
}

}  // namespace carnet
