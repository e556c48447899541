#include "pipeline/project.h"

#include <algorithm>
#include <array>

#include "signer/key_place.h"
#include "trust/toml_table.h"
#include "trust/toml_text.h"

namespace carnet::pipeline {
namespace {

constexpr size_t kCommentColumn = 26;

struct ProjectKey {
  std::string_view name;
  std::string Project::*value;
  std::string_view comment;
};
constexpr std::array kProjectKeys = {
    ProjectKey{"ledger", &Project::ledger, "folder of the ledger"},
    ProjectKey{"guard", &Project::guard, "folder of that ledger's guard, if kept elsewhere"},
    ProjectKey{"key", &Project::key, "private key that signs"},
    ProjectKey{"trust", &Project::trust, "whose keys count, and which logs"},
    ProjectKey{"policy", &Project::policy, "what a passport must be like"},
};

Result<> ReadOptional(const trust::TomlTable& table, std::string_view key, std::string& value) {
  if (!table.Has(key)) return Ok();
  CARNET_TRY(value, table.Text(key));
  return Ok();
}

std::string Behind(const std::string& folder, const std::string& path) {
  const bool as_it_is = folder.empty() || path.empty() || path.starts_with('/');
  return as_it_is ? path : folder + (folder.ends_with('/') ? "" : "/") + path;
}

}  // namespace

Result<Project> ReadProject(std::string_view toml, std::string_view file) {
  CARNET_TRY(const auto table, trust::TomlTable::Parse(toml, file));
  CARNET_TRY_VOID(table.OnlyKeys({"ledger", "guard", "key", "trust", "policy", "party"}));
  Project project;
  for (const ProjectKey& key : kProjectKeys) {
    CARNET_TRY_VOID(ReadOptional(table, key.name, project.*key.value));
  }
  if (!project.guard.empty() && project.ledger.empty()) {
    return table.Refuse("guard", "is given without its ledger");
  }
  if (!table.Has("party")) return project;
  CARNET_TRY(const auto party, table.Table("party"));
  CARNET_TRY_VOID(party.OnlyKeys({"id", "name"}));
  CARNET_TRY(project.party_id, party.Text("id"));
  CARNET_TRY_VOID(ReadOptional(party, "name", project.party_name));
  return project;
}

std::string WriteProject(const Project& project) {
  std::string text =
      "# Defaults of carnet's options in this folder and below; paths are relative to this file.\n"
      "# An option goes before the environment (CARNET_LEDGER, ...), and that before this file.\n";
  for (const ProjectKey& key : kProjectKeys) {
    const std::string& value = project.*key.value;
    if (value.empty()) continue;
    std::string line = std::string(key.name) + " = " + trust::TomlString(value);
    line.resize(std::max<size_t>(line.size() + 2, kCommentColumn), ' ');
    text += line + "# " + std::string(key.comment) + "\n";
  }
  if (project.party_id.empty()) return text;
  text += "\n[party]  # who works here\nid = " + trust::TomlString(project.party_id) + "\n";
  if (!project.party_name.empty()) text += "name = " + trust::TomlString(project.party_name) + "\n";
  return text;
}

Project At(const std::string& folder, Project project) {
  for (std::string Project::*path : {&Project::ledger, &Project::guard, &Project::trust}) {
    project.*path = Behind(folder, project.*path);
  }
  if (signer::KeyPlaceOf(project.key) == signer::KeyPlace::kFile) {
    project.key = Behind(folder, project.key);
  }
  if (project.policy.ends_with(".toml")) project.policy = Behind(folder, project.policy);
  return project;
}

}  // namespace carnet::pipeline
