#include "cli/read_input.h"

#include <unistd.h>

#include <algorithm>

#include "core/file.h"

namespace carnet::cli {
namespace {

constexpr char kStandardInput[] = "standard input";

}  // namespace

Result<std::string> ReadInput(const std::string& path, uint64_t max_bytes) {
  if (path == kStandard) return ReadDescriptor(STDIN_FILENO, kStandardInput, max_bytes);
  return ReadFile(path, max_bytes);
}

Result<std::string> ReadInputPrefix(const std::string& path, uint64_t max_bytes) {
  if (path == kStandard) return ReadDescriptorPrefix(STDIN_FILENO, kStandardInput, max_bytes);
  return ReadFilePrefix(path, max_bytes);
}

std::string InputName(const std::string& path) { return path == kStandard ? kStandardInput : path; }

std::string CheckOneStandard(const std::vector<std::string>& paths) {
  if (std::count(paths.begin(), paths.end(), kStandard) < 2) return "";
  return "- is given more than once, but standard input can be read only once";
}

}  // namespace carnet::cli
