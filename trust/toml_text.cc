#include "trust/toml_text.h"

#include "core/check.h"
#include "core/utf8.h"

namespace carnet::trust {

std::string TomlString(std::string_view text) {
  CARNET_CHECK(IsValidUtf8(text) && !FindForbiddenCharacter(text));
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string TomlStrings(const std::vector<std::string>& texts) {
  std::string array = "[";
  for (const std::string& text : texts) array += (array == "[" ? "" : ", ") + TomlString(text);
  return array + "]";
}

}  // namespace carnet::trust
