// Settings: options that need not be given each time. In this order: the option, the environment,
// carnet.toml (pipeline/find_project.h), what is built in.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "pipeline/find_project.h"
#include "pipeline/project.h"

namespace carnet::cli {

enum class Setting { kLedger, kGuard, kKey, kTrust, kPolicy };

struct SettingRow {
  Setting setting;
  std::string_view name;  // in carnet.toml
  const char* variable;
  std::string pipeline::Project::*value;
};
inline constexpr std::array kSettings = {
    SettingRow{Setting::kLedger, "ledger", "CARNET_LEDGER", &pipeline::Project::ledger},
    SettingRow{Setting::kGuard, "guard", "CARNET_GUARD", &pipeline::Project::guard},
    SettingRow{Setting::kKey, "key", "CARNET_KEY", &pipeline::Project::key},
    SettingRow{Setting::kTrust, "trust", "CARNET_TRUST", &pipeline::Project::trust},
    SettingRow{Setting::kPolicy, "policy", "CARNET_POLICY", &pipeline::Project::policy},
};
constexpr const SettingRow& RowOf(Setting setting) {
  return kSettings[static_cast<size_t>(setting)];
}

enum class Source { kBuiltIn, kFile, kEnvironment, kOption };

// One setting of one command.
struct Wanted {
  Setting setting;
  std::string option;  // "--ledger", or a positional argument's name
  std::string* value;  // where the command reads it; until resolved, what is built in
  bool required = false;
  const std::string* only_with = nullptr;  // wanted only where this option has a value
  const std::string* not_with = nullptr;   // nor where this one has
  std::string only_with_option = {};       // "--vsa"
  Source source = Source::kBuiltIn;
};

// Those of one command, which keeps what the pointers lead to.
struct Settings {
  std::vector<Wanted> wanted;
  std::shared_ptr<std::string> config;                         // --config
  std::vector<const std::vector<std::string>*> judged_models;  // what strangers made
  std::vector<const std::string*> judged_proofs;               // the same
  bool judges = false;                         // says whose trust and policy it goes by
  bool reads_file = false;                     // also where nothing is wanted of it
  std::optional<pipeline::FoundProject> file;  // once resolved, if it was read
};

// Gives every setting its value. What goes together is not mixed from two hands: a guard in
// carnet.toml is that of its ledger and counts only with it; where trust is given otherwise, a
// carnet.toml that nobody named does not choose the policy, and gives no key that runs code. The
// status to exit with where something required is missing, or carnet.toml cannot be used.
std::optional<ExitCode> Resolve(Settings& settings, Terminal& terminal);

// "--key, CARNET_KEY or `key` in carnet.toml"
std::string WaysToGive(Setting setting, std::string_view option);

// The variable's value; absent where it is not set or empty.
std::optional<std::string> FromEnvironment(const char* variable);

}  // namespace carnet::cli
