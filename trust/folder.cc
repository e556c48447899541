#include "trust/folder.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/utf8.h"

namespace carnet::trust {

Result<std::vector<std::string>> ListNames(const std::string& folder) {
  std::error_code code;
  std::filesystem::directory_iterator entry(folder, code);
  std::vector<std::string> names;
  for (; !code && entry != std::filesystem::directory_iterator(); entry.increment(code)) {
    std::string name = entry->path().filename().string();
    if (name != "README.md" && !name.starts_with('.')) names.push_back(std::move(name));
  }
  if (code == std::errc::no_such_file_or_directory) {
    return NotFound(folder + ": no such folder");
  }
  if (code) return Io(fmt::format("{}: cannot be listed: {}", folder, code.message()));
  std::sort(names.begin(), names.end());
  // Paths go into messages as they are.
  for (const std::string& name : names) {
    if (!IsValidUtf8(name) || FindForbiddenCharacter(name)) return UnknownFile(folder, name);
  }
  return names;
}

Error UnknownFile(const std::string& folder, const std::string& name) {
  return Malformed(
      fmt::format("{}/{}: does not belong in a trust directory", folder, Printable(name)));
}

}  // namespace carnet::trust
