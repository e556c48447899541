#include "trust/load_trust.h"

#include <algorithm>

#include "core/file.h"
#include "trust/folder.h"
#include "trust/load_logs.h"
#include "trust/load_parties.h"
#include "trust/toml_table.h"

namespace carnet::trust {
namespace {

constexpr uint64_t kMaxTrustedRootBytes = 4 << 20;  // Sigstore's own is 10 kB

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<> LoadPins(const std::string& folder, std::vector<TrustedLog>& logs) {
  CARNET_TRY(const auto names, ListNames(folder));
  for (const std::string& name : names) {
    if (!name.ends_with(".checkpoint")) return UnknownFile(folder, name);
    const std::string path = folder + "/" + name;
    CARNET_TRY(const std::string note, ReadFile(path, merkle::kMaxNoteBytes));
    CARNET_TRY_VOID(AddPin(note, path, logs));
  }
  return Ok();
}

Result<std::vector<TrustedLog>> LoadLogs(const std::string& folder,
                                         const std::vector<std::string>& names) {
  const std::string root_path = folder + "/trusted_root.json";
  CARNET_TRY(const std::string root, ReadFile(root_path, kMaxTrustedRootBytes));
  CARNET_TRY(auto logs, ReadLogs(root, root_path));
  if (Contains(names, "logs.toml")) {
    const std::string path = folder + "/logs.toml";
    CARNET_TRY(const std::string notes, ReadFile(path, kMaxTomlBytes));
    CARNET_TRY_VOID(ApplyLogNotes(notes, path, logs));
  }
  if (Contains(names, "pins")) CARNET_TRY_VOID(LoadPins(folder + "/pins", logs));
  return logs;
}

// Judged by the verifier: here it is text. Empty: there is none.
Result<std::string> LoadText(const std::string& folder, std::string_view name) {
  constexpr uint64_t kMaxBytes = 1 << 20;  // as the readers of either accept
  const std::string path = folder + "/" + std::string(name);
  if (!PathExists(path)) return std::string();
  CARNET_TRY(std::string text, ReadFile(path, kMaxBytes));
  if (text.empty()) return Malformed(path + ": is empty");
  return text;
}

}  // namespace

Result<Trust> LoadTrust(const std::string& folder) {
  CARNET_TRY(const auto names, ListNames(folder));
  for (const std::string& name : names) {
    if (name != "trusted_root.json" && name != "logs.toml" && name != "pins" && name != "parties" &&
        name != "policies" && name != kChipsFile) {
      return UnknownFile(folder, name);
    }
  }
  CARNET_TRY(auto logs, LoadLogs(folder, names));
  std::set<std::string> origins;
  for (const TrustedLog& log : logs) origins.insert(log.origin);
  CARNET_TRY(auto keys, LoadParties(folder + "/parties", origins));
  CARNET_TRY(std::string hub_default, LoadText(folder, kHubDefaultFile));
  CARNET_TRY(std::string chips, LoadText(folder, kChipsFile));
  auto trust =
      Trust::Create(std::move(keys), std::move(logs), std::move(hub_default), std::move(chips));
  if (!trust) return trust.error().In(folder);
  return trust;
}

}  // namespace carnet::trust
