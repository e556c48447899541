#include "verifier/policy/demand.h"

#include <fmt/core.h>

#include "core/utf8.h"
#include "trust/toml_table.h"
#include "verifier/policy/level.h"

namespace carnet::verifier::policy {
namespace {

Result<> ReadFlags(const trust::TomlTable& table, Requirements& requirements) {
  CARNET_TRY_VOID(table.OnlyKeys({"level", "data_used_stated", "intended_deployment_stated",
                                  "nothing_undisclosed", "not_retrospective"}));
  CARNET_TRY(const auto level, table.OptionalUnsigned("level"));
  if (level && (*level < 1 || *level > static_cast<uint64_t>(kHighestLevel))) {
    return table.Refuse("level", fmt::format("expected 1 to {}", kHighestLevel));
  }
  requirements.level = static_cast<int>(level.value_or(0));
  CARNET_TRY(requirements.data_used_stated, table.Flag("data_used_stated"));
  CARNET_TRY(requirements.intended_deployment_stated, table.Flag("intended_deployment_stated"));
  CARNET_TRY(requirements.nothing_undisclosed, table.Flag("nothing_undisclosed"));
  CARNET_TRY(requirements.not_retrospective, table.Flag("not_retrospective"));
  return Ok();
}

// Rows by name, each with `report` or `refuse`.
Result<std::set<RowId>> ReadRows(const trust::TomlTable& policy, std::string_view key) {
  std::set<RowId> refused;
  if (!policy.Has(key)) return refused;
  CARNET_TRY(const trust::TomlTable rows, policy.Table(key));
  for (const std::string& name : rows.Keys()) {
    const auto row = ParseRowName(name);
    if (!row) return rows.Refuse(name, "unknown row");
    CARNET_TRY(const std::string word, rows.Text(name));
    if (word != "report" && word != "refuse") {
      return rows.Refuse(name,
                         fmt::format("expected report or refuse; found \"{}\"", Printable(word)));
    }
    if (word == "refuse") refused.insert(*row);
  }
  return refused;
}

}  // namespace

Result<Requirements> ReadRequirements(const trust::TomlTable& policy) {
  Requirements requirements;
  if (policy.Has("requirements")) {
    CARNET_TRY(const trust::TomlTable table, policy.Table("requirements"));
    CARNET_TRY_VOID(ReadFlags(table, requirements));
  }
  CARNET_TRY(requirements.refuse_unattested, ReadRows(policy, "when_unattested"));
  CARNET_TRY(requirements.refuse_undisclosed, ReadRows(policy, "when_undisclosed"));
  return requirements;
}

}  // namespace carnet::verifier::policy
