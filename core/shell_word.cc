#include "core/shell_word.h"

#include <algorithm>
#include <limits>

#include "core/ascii.h"
#include "core/utf8.h"

namespace carnet {

std::string ShellWord(std::string_view path) {
  static constexpr std::string_view kPlain = "_-./:,+@%=";
  constexpr size_t kWhole = std::numeric_limits<size_t>::max();
  const bool plain = !path.empty() && std::all_of(path.begin(), path.end(), [](char c) {
    return IsLetterOrDigit(c) || kPlain.find(c) != kPlain.npos;
  });
  std::string shown =
      (path.starts_with('-') ? "./" : "") + (plain ? std::string(path) : Printable(path, kWhole));
  if (plain) return shown;
  std::string word = "'";
  for (const char c : shown) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace carnet
