#include "cli/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "core/utf8.h"
#include "signer/key_place.h"

namespace carnet::cli {
namespace {

const Wanted* FindWanted(const Settings& settings, Setting setting) {
  const auto found = std::find_if(settings.wanted.begin(), settings.wanted.end(),
                                  [setting](const Wanted& w) { return w.setting == setting; });
  return found == settings.wanted.end() ? nullptr : &*found;
}

// Whether it was given by the person who runs the command, not by a file.
bool IsGiven(const Settings& settings, Setting setting) {
  const Wanted* wanted = FindWanted(settings, setting);
  return wanted != nullptr && wanted->source >= Source::kEnvironment;
}

bool IsWanted(const Wanted& wanted) {
  if (wanted.not_with != nullptr && !wanted.not_with->empty()) return false;
  return wanted.only_with == nullptr || !wanted.only_with->empty();
}

void TakeFromEnvironment(Settings& settings) {
  for (Wanted& wanted : settings.wanted) {
    if (wanted.source == Source::kOption || !IsWanted(wanted)) continue;
    auto value = FromEnvironment(RowOf(wanted.setting).variable);
    if (!value) continue;
    *wanted.value = *std::move(value);
    wanted.source = Source::kEnvironment;
  }
}

bool MayComeFromFile(const Settings& settings, const Wanted& wanted, bool named) {
  if (wanted.source != Source::kBuiltIn || !IsWanted(wanted)) return false;
  if (wanted.setting == Setting::kGuard) {
    return FindWanted(settings, Setting::kLedger) != nullptr &&
           !IsGiven(settings, Setting::kLedger);
  }
  return wanted.setting != Setting::kPolicy || named || !IsGiven(settings, Setting::kTrust);
}

// Such a key runs code of whoever wrote the file: a folder that somebody else made, and this user
// unpacked or cloned, would run it with the first command there.
Result<> CheckMayRun(const Wanted& wanted, const pipeline::FoundProject& file, bool named) {
  if (named || wanted.setting != Setting::kKey) return Ok();
  if (signer::KeyPlaceOf(file.project.key) == signer::KeyPlace::kFile) return Ok();
  return Io(fmt::format(
      "{}: its key runs a program or a module, and so it counts only in a file that is named: "
      "--config or CARNET_CONFIG (or give the key itself: {} or CARNET_KEY)",
      file.path, wanted.option));
}

Result<> TakeFromFile(Settings& settings, Terminal& terminal) {
  const pipeline::ProjectChoice choice =
      pipeline::ChoiceOf(settings.config == nullptr ? "" : *settings.config);
  std::vector<Wanted*> open;
  for (Wanted& wanted : settings.wanted) {
    if (MayComeFromFile(settings, wanted, !choice.named.empty())) open.push_back(&wanted);
  }
  // What is not needed is not read: nobody's file stops a command that was told everything.
  if (open.empty() && !settings.reads_file) return Ok();
  pipeline::Judged judged;
  for (const std::string* proof : settings.judged_proofs) judged.proofs.push_back(*proof);
  for (const auto* models : settings.judged_models)
    judged.models.insert(judged.models.end(), models->begin(), models->end());
  CARNET_TRY(settings.file, pipeline::FindProject(choice, judged, [&](const std::string& warning) {
               terminal.Warn(warning);
             }));
  if (!settings.file) return Ok();
  for (Wanted* wanted : open) {
    const std::string& value = settings.file->project.*RowOf(wanted->setting).value;
    if (value.empty()) continue;
    CARNET_TRY_VOID(CheckMayRun(*wanted, *settings.file, !choice.named.empty()));
    *wanted->value = value;
    wanted->source = Source::kFile;
  }
  return Ok();
}

// Nobody named the file in this command: whoever reads the verdict should know who chose.
void SayWhoJudges(const Settings& settings, Terminal& terminal) {
  std::string what;
  for (const Setting setting : {Setting::kTrust, Setting::kPolicy}) {
    const Wanted* wanted = FindWanted(settings, setting);
    if (wanted == nullptr || wanted->source != Source::kFile) continue;
    what += fmt::format("{} {} {}", what.empty() ? "" : " and", RowOf(setting).name,
                        Printable(*wanted->value));
  }
  if (!what.empty()) terminal.Say(fmt::format("{} gave{}", settings.file->path, what));
}

std::optional<ExitCode> RefuseMissing(const Settings& settings, Terminal& terminal) {
  for (const Wanted& wanted : settings.wanted) {
    if (!wanted.required || !wanted.value->empty() || !IsWanted(wanted)) continue;
    std::string what = fmt::format("no {} is given", RowOf(wanted.setting).name);
    if (wanted.only_with != nullptr) {
      what = fmt::format("{} requires a {}", wanted.only_with_option, RowOf(wanted.setting).name);
    }
    return terminal.WrongUsage(what + ": " + WaysToGive(wanted.setting, wanted.option));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> FromEnvironment(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::string WaysToGive(Setting setting, std::string_view option) {
  const SettingRow& row = RowOf(setting);
  return fmt::format("{}, {} or `{}` in {}", option, row.variable, row.name,
                     pipeline::kProjectFile);
}

std::optional<ExitCode> Resolve(Settings& settings, Terminal& terminal) {
  TakeFromEnvironment(settings);
  const auto taken = TakeFromFile(settings, terminal);
  if (!taken) return terminal.CouldNotTell(taken.error());
  if (settings.judges) SayWhoJudges(settings, terminal);
  return RefuseMissing(settings, terminal);
}

}  // namespace carnet::cli
