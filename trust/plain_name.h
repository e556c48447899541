// Names that are also names of files: of parties that `carnet` lists, of policies.
#pragma once

#include <string_view>

namespace carnet::trust {

// 1 to 64 letters, digits, dots, dashes and underscores of ASCII, the first a letter or digit; and
// not one that reads like the name of a TOML file, as a policy of that name would be taken for one.
bool IsPlainName(std::string_view name);
inline constexpr std::string_view kPlainNameRule =
    "letters, digits, dots, dashes and underscores, at most 64, without .toml";

}  // namespace carnet::trust
