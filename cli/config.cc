#include <fmt/core.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/settings.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

struct Effective {
  Settings settings;
  std::array<std::string, kSettings.size()> values;
};

std::string SourceText(const Effective& effective, const Wanted& wanted) {
  switch (wanted.source) {
    case Source::kBuiltIn:
      return wanted.value->empty() ? "not given" : "built in";
    case Source::kFile:
      return effective.settings.file->path;
    case Source::kEnvironment:
      return RowOf(wanted.setting).variable;
    case Source::kOption:
      break;
  }
  CARNET_CHECK(false);
}

std::string ConfigText(const Effective& effective) {
  const auto& file = effective.settings.file;
  std::string text = fmt::format("file    {}\n", file ? file->path : "none");
  if (file && !file->project.party_id.empty()) {
    text += "party   " + file->project.party_id;
    if (!file->project.party_name.empty()) text += " " + Quoted(file->project.party_name);
    text += "\n";
  }
  size_t width = 0;
  for (const std::string& value : effective.values) width = std::max(width, value.size());
  for (const Wanted& wanted : effective.settings.wanted) {
    text += fmt::format("{:<8}{:<{}}  {}\n", RowOf(wanted.setting).name,
                        Printable(*wanted.value, width), width, SourceText(effective, wanted));
  }
  return text;
}

std::string ConfigJson(const Effective& effective) {
  const auto& file = effective.settings.file;
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject();
  if (file) writer.Member("file", file->path);
  if (file && !file->project.party_id.empty()) {
    writer.Key("party").BeginObject().Member("id", file->project.party_id);
    if (!file->project.party_name.empty()) writer.Member("name", file->project.party_name);
    writer.EndObject();
  }
  writer.Key("settings").BeginArray();
  for (const Wanted& wanted : effective.settings.wanted) {
    writer.BeginObject()
        .Member("name", RowOf(wanted.setting).name)
        .Member("value", Printable(*wanted.value, wanted.value->size()))
        .Member("from", SourceText(effective, wanted))
        .EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

}  // namespace

ExitCode Config(const ConfigOptions& options, Terminal& terminal) {
  Effective effective;
  effective.settings.config = std::make_shared<std::string>(options.config);
  effective.settings.reads_file = true;
  for (const SettingRow& row : kSettings) {
    std::string& value = effective.values[static_cast<size_t>(row.setting)];
    if (row.setting == Setting::kPolicy) value = "hub-default";
    effective.settings.wanted.push_back({row.setting, std::string(row.name), &value});
  }
  if (const auto refused = Resolve(effective.settings, terminal)) return *refused;
  terminal.Out(options.json ? ConfigJson(effective) : ConfigText(effective));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
