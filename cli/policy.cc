#include "verifier/policy/policy.h"

#include <algorithm>
#include <filesystem>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/policy_text.h"
#include "core/file.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using verifier::policy::Policy;
using verifier::policy::Threshold;

// Ids of the shipped policies, and of those in the trust directory's `policies/`.
Result<std::vector<std::string>> PolicyIds(const std::string& trust) {
  std::vector<std::string> ids = verifier::policy::ShippedPolicyIds();
  if (trust.empty()) return ids;
  const std::filesystem::path folder = std::filesystem::path(trust) / "policies";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Io(folder.string() + ": " + error.message());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

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

Result<std::string> List(const PolicyOptions& options, const Terminal& terminal) {
  CARNET_TRY(const auto ids, PolicyIds(options.trust));
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

Result<std::string> Show(const PolicyOptions& options, const Terminal& terminal) {
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
  CARNET_TRY(const std::string_view text, verifier::policy::ShippedPolicyText(options.id));
  return std::string(text);
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
