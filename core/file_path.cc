#include "core/file_path.h"

#include "core/utf8.h"

namespace carnet {
namespace {

Result<> CheckComponent(std::string_view component) {
  if (component.empty()) return Malformed("has an empty component");
  if (component == "." || component == "..") return Malformed("has a . or .. component");
  return Ok();
}

}  // namespace

Result<> CheckFilePath(std::string_view path) {
  if (path.size() > kMaxFilePathBytes) return Malformed("is over 4,000 bytes");
  if (!IsValidUtf8(path)) return Malformed("is not UTF-8");
  if (FindForbiddenCharacter(path)) return Malformed("contains a control or invisible character");
  if (path.find('\\') != path.npos) return Malformed("contains a backslash");
  while (true) {
    const size_t slash = path.find('/');
    CARNET_TRY_VOID(CheckComponent(path.substr(0, slash)));
    if (slash == path.npos) return Ok();
    path.remove_prefix(slash + 1);
  }
}

}  // namespace carnet
