#include "cli/batch_results.h"

#include <fmt/core.h>
#include <limits.h>

#include <algorithm>

#include "api/verdict.h"
#include "cli/quantity_text.h"
#include "core/ascii.h"
#include "core/check.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

constexpr size_t kOutcomeWidth = 13;
constexpr size_t kMaxWhyBytes = 1'000;  // of a line for people

std::string Coloured(BatchOutcome outcome, const Terminal& terminal) {
  std::string text(BatchOutcomeName(outcome));
  text.resize(kOutcomeWidth, ' ');
  switch (outcome) {
    case BatchOutcome::kPass:
      return terminal.Green(text);
    case BatchOutcome::kFail:
      return terminal.Red(text);
    case BatchOutcome::kNoPassport:
    case BatchOutcome::kNotJudged:
      return terminal.Yellow(text);
    case BatchOutcome::kNoModel:
      return text;
  }
  CARNET_CHECK(false);
}

std::string WhyOf(const verifier::Verdict& verdict) {
  if (verdict.decision == verifier::Decision::kPass) {
    return fmt::format("level {} ({})", verdict.level.number,
                       verifier::LevelName(verdict.level.number));
  }
  if (verdict.findings.empty()) return "a check was not made";
  const verifier::Finding& finding = verdict.findings.front();
  const std::string line = finding.line ? fmt::format("line {}: ", *finding.line) : "";
  return fmt::format("{} (R{}): {}{}", verifier::RejectReasonName(finding.reason()), finding.rule(),
                     line, finding.message);
}

// "no passport" as a program names it.
std::string JsonName(BatchOutcome outcome) {
  std::string name(BatchOutcomeName(outcome));
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

void WritePath(std::string_view path, json::Writer& writer) {
  const bool text = IsValidUtf8(path);
  writer.Member("path", text ? std::string(path) : Printable(path, PATH_MAX));
  if (!text) writer.Member("path_hex", HexEncode(AsBytes(path)));
}

}  // namespace

std::string_view BatchOutcomeName(BatchOutcome outcome) {
  switch (outcome) {
    case BatchOutcome::kPass:
      return "pass";
    case BatchOutcome::kFail:
      return "fail";
    case BatchOutcome::kNoPassport:
      return "no passport";
    case BatchOutcome::kNotJudged:
      return "not judged";
    case BatchOutcome::kNoModel:
      return "no model";
  }
  CARNET_CHECK(false);
}

std::string BatchText(const BatchResult& result, const Terminal& terminal) {
  // That there is none says it all.
  const bool more = result.error && result.outcome != BatchOutcome::kNoPassport;
  const std::string why = result.verdict ? WhyOf(*result.verdict)
                          : more         ? result.error->message
                                         : "";
  std::string text = Coloured(result.outcome, terminal) + Printable(result.path, PATH_MAX);
  if (!why.empty()) text += ": " + Printable(why, kMaxWhyBytes);
  return text + "\n";
}

std::string BatchJson(const BatchResult& result) {
  json::Writer writer;
  writer.BeginObject();
  WritePath(result.path, writer);
  writer.Member("outcome", JsonName(result.outcome));
  if (!result.passport.empty()) {
    writer.Member("passport_file", Printable(result.passport, PATH_MAX));
  }
  if (result.verdict) {
    writer.Key("verdict");
    api::WriteVerdict(api::VerdictOf(*result.verdict), writer);
  }
  if (result.outcome == BatchOutcome::kNoModel) {
    writer.Member("why", Printable(result.error->message, PATH_MAX));
  } else if (result.error) {
    writer.Key("error")
        .BeginObject()
        .Member("code", ErrorCodeName(result.error->code))
        .Member("message", Printable(result.error->message, PATH_MAX))
        .EndObject();
  }
  return writer.EndObject().Take() + "\n";
}

size_t BatchSummary::models() const {
  size_t models = 0;
  for (const size_t count : counts) models += count;
  return models - Count(BatchOutcome::kNoModel);
}

ExitCode BatchSummary::Status(bool allow_unpassported) const {
  if (!complete || models() == 0 || Count(BatchOutcome::kNotJudged) > 0) {
    return ExitCode::kCouldNotTell;
  }
  const size_t unpassported = allow_unpassported ? 0 : Count(BatchOutcome::kNoPassport);
  return Count(BatchOutcome::kFail) + unpassported > 0 ? ExitCode::kNo : ExitCode::kYes;
}

std::string SummaryText(const BatchSummary& summary) {
  const auto count = [&](BatchOutcome outcome) { return GroupedText(summary.Count(outcome)); };
  std::string text =
      fmt::format("{} {}: {} passed, {} failed, {} without a passport, {} not judged",
                  GroupedText(summary.models()), summary.models() == 1 ? "model" : "models",
                  count(BatchOutcome::kPass), count(BatchOutcome::kFail),
                  count(BatchOutcome::kNoPassport), count(BatchOutcome::kNotJudged));
  const size_t others = summary.Count(BatchOutcome::kNoModel);
  if (others > 0) {
    text += fmt::format("; {} {} no model", GroupedText(others),
                        others == 1 ? "entry is" : "entries are");
  }
  return text + (summary.complete ? "\n" : "; incomplete\n");
}

std::string SummaryJson(const BatchSummary& summary, ExitCode status) {
  json::Writer writer;
  writer.BeginObject().Key("summary").BeginObject().Member("models", summary.models());
  for (size_t i = 0; i < kBatchOutcomes; ++i) {
    writer.Member(JsonName(static_cast<BatchOutcome>(i)), summary.counts[i]);
  }
  writer.Member("complete", summary.complete).EndObject();
  return writer.Member("exit", static_cast<uint64_t>(status)).EndObject().Take() + "\n";
}

}  // namespace carnet::cli
