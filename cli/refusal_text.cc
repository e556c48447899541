#include "cli/refusal_text.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using pipeline::Remedy;
using verifier::Finding;

void WriteFinding(const Finding& finding, const Remedy& remedy, json::Writer& writer) {
  writer.BeginObject()
      .Member("rule", fmt::format("R{}", finding.rule()))
      .Member("reason", verifier::RejectReasonName(finding.reason()))
      .Member("anchor", verifier::AnchorOf(finding.refusal))
      .Member("message", finding.message);
  if (finding.statement) writer.Member("statement", HexEncode(finding.statement->span()));
  if (finding.line) writer.Member("line", uint64_t{*finding.line});
  if (!finding.hint.empty()) writer.Member("hint", finding.hint);
  writer.Member("what_to_do", remedy.what);
  if (!remedy.command.empty()) writer.Member("command", remedy.command);
  writer.EndObject();
}

}  // namespace

std::vector<std::string> RefusalLines(const verifier::Verdict& refused,
                                      const pipeline::RemedyPlaces& places) {
  std::vector<std::string> lines;
  size_t number = 0;
  for (const Finding& finding : refused.findings) {
    const Remedy remedy = pipeline::RemedyFor(finding.reason(), places);
    lines.push_back(fmt::format("finding {} of {}: {} (R{}): {}", ++number, refused.findings_total,
                                verifier::RejectReasonName(finding.reason()), finding.rule(),
                                finding.message));
    if (!finding.hint.empty()) lines.push_back("  hint: " + finding.hint);
    lines.push_back("  what to do: " + remedy.what);
    if (!remedy.command.empty()) lines.push_back("  $ " + remedy.command);
  }
  if (refused.findings_total > number) {
    lines.push_back(fmt::format("and {} more findings", refused.findings_total - number));
  }
  return lines;
}

std::string RefusalJson(const verifier::Verdict& refused, const pipeline::RemedyPlaces& places) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("decision", "fail");
  if (!refused.findings.empty()) {
    writer.Member("reason", verifier::RejectReasonName(refused.findings.front().reason()));
  }
  writer.Key("findings").BeginArray();
  for (const Finding& finding : refused.findings) {
    WriteFinding(finding, pipeline::RemedyFor(finding.reason(), places), writer);
  }
  return writer.EndArray()
      .Member("findings_total", uint64_t{refused.findings_total})
      .EndObject()
      .Take();
}

}  // namespace carnet::cli
