#include "artifact/folder_names.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <string_view>

#include "artifact/manifest.h"
#include "core/file.h"
#include "core/utf8.h"

namespace carnet::artifact {

Result<std::vector<std::string>> SortedNames(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(folder.c_str()), &::closedir);
  if (stream == nullptr) return SystemError(Printable(folder, PATH_MAX), "open folder");
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    if (names.size() > kMaxFiles) return Rejected(Printable(folder, PATH_MAX) + ": too many files");
  }
  if (errno != 0) return SystemError(Printable(folder, PATH_MAX), "read folder");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace carnet::artifact
