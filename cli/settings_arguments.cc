#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {
namespace {

constexpr char kConfigText[] =
    "project file, or none (default: CARNET_CONFIG, else the first carnet.toml here or above)";

}  // namespace

CLI::Option* Parser::AddSetting(CLI::App* command, Setting setting, const std::string& option,
                                std::string& value, const std::string& text, Need need) {
  CommandSettings& own = settings_[command];
  if (own.options.empty()) {
    own.settings.config = std::make_shared<std::string>();
    command->add_option("--config", *own.settings.config, kConfigText);
  }
  const bool required = need == Need::kRequired;
  const std::string ways = std::string(RowOf(setting).variable) + " or in carnet.toml";
  CLI::Option* added = command->add_option(
      option, value,
      text + (required ? "; required: here, in " : " (or: in ") + ways + (required ? "" : ")"));
  Wanted wanted{setting, option, &value};
  wanted.required = required;
  own.options.push_back({std::move(wanted), added});
  return added;
}

void Parser::RequireWith(CLI::App* command, const std::string& option, const std::string& value) {
  Wanted& wanted = settings_[command].options.back().wanted;
  wanted.required = true;
  wanted.only_with = &value;
  wanted.only_with_option = option;
}

void Parser::ReleaseKeyWith(CLI::App* command, const std::string& value) {
  for (SettingOption& each : settings_[command].options) {
    if (each.wanted.setting == Setting::kKey) each.wanted.not_with = &value;
  }
}

void Parser::Judges(CLI::App* command, const std::vector<std::string>& models) {
  settings_[command].settings.judged_models.push_back(&models);
  settings_[command].settings.judges = true;
}

void Parser::JudgesProof(CLI::App* command, const std::string& proof) {
  settings_[command].settings.judged_proofs.push_back(&proof);
  settings_[command].settings.judges = true;
}

Settings Parser::SettingsOf(const CLI::App* command) const {
  const auto own = settings_.find(command);
  if (own == settings_.end()) return {};
  Settings settings = own->second.settings;
  for (const SettingOption& each : own->second.options) {
    settings.wanted.push_back(each.wanted);
    if (each.option->count() > 0) settings.wanted.back().source = Source::kOption;
  }
  return settings;
}

void Parser::AddGuard(CLI::App* command, std::string& guard) {
  AddSetting(command, Setting::kGuard, "--guard", guard,
             "folder of the ledger's guard, if kept elsewhere", Need::kOptional);
}

void Parser::AddSigning(CLI::App* command, SigningOptions& signing) {
  AddSetting(command, Setting::kLedger, "--ledger", signing.ledger, "folder of the ledger",
             Need::kRequired);
  AddGuard(command, signing.guard);
  AddSetting(command, Setting::kKey, "--key", signing.key,
             "private key: a file (password: CARNET_PASSWORD), pkcs11:URI of a token (PIN: "
             "CARNET_PIN), or exec:COMMAND",
             Need::kRequired)
      ->check(&CheckNotStandard);
  AddWait(command, signing.wait);
}

void Parser::AddWait(CLI::App* command, unsigned& seconds) {
  constexpr unsigned kMaxWaitSeconds = 86'400;
  command->add_option("--wait", seconds, "seconds to wait for another writer")
      ->check(CLI::Range(0U, kMaxWaitSeconds));
}

void Parser::AddPolicyChoice(CLI::App* command, std::string& policy, std::string& at) {
  AddSetting(command, Setting::kPolicy, "--policy", policy,
             "policy id or .toml file (ids: `carnet policy list`)", Need::kOptional);
  AddDate(command, at);
}

void Parser::AddConfig() {
  auto options = std::make_shared<ConfigOptions>();
  CLI::App* command = Add(app_, "config", "show which ledger, key, trust and policy commands use",
                          "carnet config", options, &Config);
  command->add_option("--config", options->config, kConfigText);
  AddJson(command, options->json);
}

}  // namespace carnet::cli
