// Policies of one's own: `policy new`, `policy check`.
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "api/find_policy.h"
#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/policy_text.h"
#include "core/file.h"
#include "core/utf8.h"
#include "trust/plain_name.h"
#include "trust/toml_table.h"
#include "verifier/policy/new_policy.h"

namespace carnet::cli {
namespace {

std::string OwnPolicyPath(const std::string& trust, const std::string& id) {
  return trust + "/policies/" + id + ".toml";
}

// Of the trust directory's own, else of a shipped one: as --policy finds it.
Result<std::string> PolicySource(const PolicyOptions& options, Terminal& terminal) {
  const std::string own = OwnPolicyPath(options.trust, options.from);
  if (PathExists(own)) return ReadFile(own, trust::kMaxTomlBytes);
  const auto text = verifier::policy::ShippedPolicyText(options.from);
  if (!text) return HintedPolicyError(text.error(), options.from, options.trust, terminal);
  return std::string(*text);
}

Result<> MakePolicy(const PolicyOptions& options, Terminal& terminal) {
  if (!trust::IsPlainName(options.from)) return NotFound("no policy " + Quoted(options.from));
  if (!PathExists(options.trust)) return NotFound(options.trust + ": no such folder");
  CARNET_TRY(const std::string source, PolicySource(options, terminal));
  CARNET_TRY(const std::string text,
             verifier::policy::NewPolicyText(options.id, source, options.from));
  const std::string folder = options.trust + "/policies";
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return SystemError(folder, "mkdir");
  const std::string path = OwnPolicyPath(options.trust, options.id);
  auto written = WriteFileAtomic(path, text, Overwrite::kForbid);
  if (!written && written.error().code == ErrorCode::kConflict)
    return Io(path + ": the file already exists");  // as of every other command's output
  CARNET_TRY_VOID(std::move(written));
  terminal.Out(path + "\n");
  return Ok();
}

void SayWhenItCounts(const PolicyOptions& options, Terminal& terminal) {
  const auto shipped = verifier::policy::ShippedPolicyIds();
  if (options.id == "hub-default") {
    terminal.Note("it is part of every policy that is judged with this trust directory");
  } else if (std::find(shipped.begin(), shipped.end(), options.id) != shipped.end()) {
    terminal.Note("it goes before the shipped policy of that name");
  }
}

std::string PolicyCheckJson(const verifier::policy::Policy& policy,
                            const std::vector<std::string>& warnings) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject();
  WritePolicyMembers(policy, writer);
  writer.Key("warnings").BeginArray();
  for (const std::string& warning : warnings) writer.String(warning);
  return writer.EndArray().EndObject().Take();
}

Result<verifier::policy::Policy> PolicyToCheck(const PolicyOptions& options, Terminal& terminal) {
  TimestampMs at = terminal.Now();
  if (!options.at.empty()) {
    CARNET_TRY(at, ParseDate(options.at));
  }
  auto policy = api::FindPolicy(options.id, options.trust, at);
  if (!policy) return HintedPolicyError(policy.error(), options.id, options.trust, terminal);
  const bool by_id = !options.id.ends_with(".toml");
  if (by_id && policy->id != options.id) {
    return Malformed(fmt::format("{}: id: {} is not the name of its file, by which it is found",
                                 OwnPolicyPath(options.trust, options.id), Quoted(policy->id)));
  }
  return policy;
}

}  // namespace

ExitCode PolicyNew(const PolicyOptions& options, Terminal& terminal) {
  const auto made = MakePolicy(options, terminal);
  if (!made) return terminal.Fail(made.error());
  SayWhenItCounts(options, terminal);
  return ExitCode::kYes;
}

ExitCode PolicyCheck(const PolicyOptions& options, Terminal& terminal) {
  const auto policy = PolicyToCheck(options, terminal);
  if (!policy) return terminal.Fail(policy.error());
  const auto warnings = PolicyWarnings(*policy);
  terminal.Out(options.json ? PolicyCheckJson(*policy, warnings) : PolicyInWords(*policy));
  if (!options.json) {
    for (const std::string& warning : warnings) terminal.Warn(warning);
  }
  return ExitCode::kYes;
}

}  // namespace carnet::cli
