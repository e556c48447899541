#include "ledger/guard_place.h"

#include <climits>
#include <filesystem>
#include <system_error>

#include "core/file.h"

namespace carnet::ledger {
namespace {

std::string PlaceFile(const std::string& folder) { return folder + "/guard.path"; }

}  // namespace

Result<std::string> GuardFolder(const std::string& folder, const std::string& given) {
  if (!given.empty()) return given;
  const std::string file = PlaceFile(folder);
  auto text = ReadFile(file, PATH_MAX);
  if (!text && text.error().code == ErrorCode::kNotFound) return folder + "/guard";
  if (!text) return text;
  const bool whole = text->size() > 1 && text->starts_with('/') &&
                     text->find_first_of(std::string_view("\n\0", 2)) == text->size() - 1 &&
                     text->ends_with('\n');
  if (!whole) return Corruption(file + ": expected one absolute path and a line feed");
  text->pop_back();
  return text;
}

Result<> RememberGuard(const std::string& folder, const std::string& guard) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(guard, failed).lexically_normal();
  if (failed) return Io(guard + ": " + failed.message());
  // A path with a line feed could not be read back.
  const std::string text = absolute.string();
  if (text.find('\n') != text.npos) return Io("the guard's folder: its path contains a line feed");
  return WriteFileAtomic(PlaceFile(folder), text + "\n", Overwrite::kForbid);
}

}  // namespace carnet::ledger
