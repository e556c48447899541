#include "verifier/policy/policy.h"

#include <algorithm>

#include "api/find_policy.h"
#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/policy_text.h"
#include "core/file.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using verifier::policy::Policy;
using verifier::policy::Threshold;

std::string PolicyLine(const Policy& policy) {
  std::string line = policy.id;
  line.resize(std::max<size_t>(line.size() + 2, 16), ' ');
  line += policy.jurisdiction + ": " + policy.title + "\n";
  for (const Threshold& threshold : policy.thresholds) {
    line += std::string(16, ' ') + std::string(ComparisonText(threshold)) + " " +
            threshold.value.ToScientific() + " FLOP, " +
            std::string(PolicyStatusName(threshold.status));
    if (threshold.from) line += " since " + DateText(threshold.from);
    if (threshold.until) line += " until " + DateText(threshold.until);
    line += "; " + threshold.source + "\n";
  }
  return line;
}

Result<std::string> List(const PolicyOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto ids, api::PolicyIds(options.trust));
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("policies").BeginArray();
  std::string text;
  for (const std::string& id : ids) {
    CARNET_TRY(const Policy policy, OpenPolicy(id, options.trust, "", terminal));
    writer.BeginObject();
    WritePolicyMembers(policy, writer);
    writer.EndObject();
    text += PolicyLine(policy);
  }
  writer.EndArray().EndObject();
  return options.json ? writer.Take() : text;
}

Result<std::string> Show(const PolicyOptions& options, Terminal& terminal) {
  if (options.json) {
    CARNET_TRY(const Policy policy, OpenPolicy(options.id, options.trust, "", terminal));
    json::Writer writer(json::Layout::kIndented);
    writer.BeginObject();
    WritePolicyMembers(policy, writer);
    writer.EndObject();
    return writer.Take();
  }
  const std::string own = options.trust + "/policies/" + options.id + ".toml";
  constexpr uint64_t kMaxPolicyBytes = 1 << 20;
  if (!options.trust.empty() && PathExists(own)) return ReadFile(own, kMaxPolicyBytes);
  const auto text = verifier::policy::ShippedPolicyText(options.id);
  if (!text) return HintedPolicyError(text.error(), options.id, options.trust, terminal);
  return std::string(*text);
}

ExitCode Print(const Result<std::string>& text, Terminal& terminal) {
  if (!text) return terminal.CouldNotTell(text.error());
  terminal.Out(*text);
  return ExitCode::kYes;
}

}  // namespace

ExitCode PolicyList(const PolicyOptions& options, Terminal& terminal) {
  return Print(List(options, terminal), terminal);
}

ExitCode PolicyShow(const PolicyOptions& options, Terminal& terminal) {
  return Print(Show(options, terminal), terminal);
}

}  // namespace carnet::cli
