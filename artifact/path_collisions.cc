#include "artifact/path_collisions.h"

#include <unordered_map>

#include "artifact/decomposition.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

std::string Folded(std::string_view path) {
  std::string folded = Decomposed(path);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

}  // namespace

std::vector<std::string> PathCollisions(const std::vector<std::string_view>& paths) {
  std::unordered_map<std::string, std::string_view> seen;
  std::vector<std::string> warnings;
  for (const std::string_view path : paths) {
    const auto [entry, fresh] = seen.emplace(Folded(path), path);
    if (fresh) continue;
    warnings.push_back("\"" + Printable(path) + "\" and \"" + Printable(entry->second) +
                       "\" differ only in case or normalisation");
  }
  return warnings;
}

}  // namespace carnet::artifact
