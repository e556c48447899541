// Values as TOML spells them, for the files that Carnet writes and people go on editing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carnet::trust {

// A basic string. Requires what TomlTable reads back: UTF-8 without the characters that S4 refuses.
std::string TomlString(std::string_view text);
// An array of them, on one line.
std::string TomlStrings(const std::vector<std::string>& texts);

}  // namespace carnet::trust
