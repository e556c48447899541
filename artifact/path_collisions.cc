#include "artifact/path_collisions.h"

#include <fmt/core.h>
#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <unordered_map>

#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

std::string Mapped(std::string_view text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  CARNET_CHECK(size >= 0);  // invalid UTF-8, or out of memory
  return {reinterpret_cast<const char*>(mapped), static_cast<size_t>(size)};
}

}  // namespace

std::string FoldedPath(std::string_view path) {
  // Twice, as folding one character at a time is right only for marks in their canonical order.
  return Mapped(Mapped(path, 0), UTF8PROC_CASEFOLD);
}

std::vector<std::string> PathCollisions(const std::vector<std::string_view>& paths) {
  std::unordered_map<std::string, std::string_view> earlier;
  std::vector<std::string> warnings;
  for (const std::string_view path : paths) {
    const auto [entry, added] = earlier.emplace(FoldedPath(path), path);
    if (added) continue;
    warnings.push_back(fmt::format("\"{}\" and \"{}\" differ only in case or normalisation",
                                   Printable(path), Printable(entry->second)));
  }
  return warnings;
}

}  // namespace carnet::artifact
