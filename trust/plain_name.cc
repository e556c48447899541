#include "trust/plain_name.h"

#include <algorithm>

#include "core/ascii.h"

namespace carnet::trust {

bool IsPlainName(std::string_view name) {
  constexpr size_t kMaxName = 64;
  if (name.empty() || name.size() > kMaxName || name.ends_with(".toml")) return false;
  return IsLetterOrDigit(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
           return IsLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
         });
}

}  // namespace carnet::trust
