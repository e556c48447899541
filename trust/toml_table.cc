#include "trust/toml_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "core/closest.h"
#include "core/utf8.h"

// No exceptions leave the library: a document that does not parse is a value.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0

// Nor does hostile text end the program: it can fail the library's own checks (in 3.3 `[[~` does,
// tomlplusplus pull request 301), which under NDEBUG would even become promises to the optimizer.
#undef NDEBUG
namespace carnet::trust {
namespace {

struct FailedTomlCheck {};

constexpr void RequireInToml(bool condition) {
  if (!condition) throw FailedTomlCheck();
}

}  // namespace
}  // namespace carnet::trust
#define TOML_ASSERT(condition) ::carnet::trust::RequireInToml(static_cast<bool>(condition))
#include <toml++/toml.h>

namespace carnet::trust {

// From toml++'s tree to ours, so that none of its classes leaves this file.
class TomlBuilder {
 public:
  explicit TomlBuilder(std::string_view file) : file_(file) {}

  TomlTable Build(const toml::table& from, std::string path) const {
    TomlTable table;
    table.file_ = file_;
    table.path_ = std::move(path);
    table.line_ = std::max<uint32_t>(1, from.source().begin.line);
    for (const auto& [key, node] : from) {
      std::string member_path = table.path_.empty() ? "" : table.path_ + ".";
      member_path += key.str();
      table.members_.push_back(
          {std::string(key.str()), key.source().begin.line, Value(node, member_path)});
    }
    return table;
  }

 private:
  TomlValue Value(const toml::node& node, const std::string& path) const {
    if (const auto* text = node.as_string()) return {text->get()};
    if (const auto* number = node.as_integer()) return {number->get()};
    if (const auto* flag = node.as_boolean()) return {flag->get()};
    if (const auto* table = node.as_table()) return {Build(*table, path)};
    if (const auto* array = node.as_array()) {
      std::vector<TomlValue> values;
      for (const toml::node& item : *array) {
        values.push_back(Value(item, fmt::format("{}[{}]", path, values.size())));
      }
      return {std::move(values)};
    }
    return {TomlValue::Other{}};
  }

  std::string file_;
};

namespace {

Error At(const std::string& file, uint32_t line, const std::string& what) {
  return Malformed(fmt::format("{}:{}: {}", file, line, what));
}

// Absent where the library gives up on the text.
std::optional<toml::parse_result> ParseDocument(std::string_view text, std::string_view file) {
  try {
    return toml::parse(text, file);
  } catch (const FailedTomlCheck&) {
    return std::nullopt;
  }
}

}  // namespace

namespace {

// toml++ bounds nested values, but not the tables that a dotted key makes, over which it recurses.
// Dots in quotation marks do not count; a line of prose between three quotation marks seldom has so
// many.
std::optional<uint32_t> FindDeepKey(std::string_view text) {
  constexpr size_t kMaxDots = 64;
  uint32_t line = 1;
  size_t dots = 0;
  char quote = 0;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots = 0;
      quote = 0;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '.' && ++dots > kMaxDots) {
      return line;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<TomlTable> TomlTable::Parse(std::string_view text, std::string_view file) {
  if (text.size() > kMaxTomlBytes) {
    return Malformed(fmt::format("{}: larger than {} bytes", file, kMaxTomlBytes));
  }
  if (const auto line = FindDeepKey(text)) {
    return At(std::string(file), *line, "a key of more than 64 parts");
  }
  const auto parsed = ParseDocument(text, file);
  if (!parsed) return Malformed(fmt::format("{}: is not TOML", file));
  if (!*parsed) {
    const toml::parse_error& error = parsed->error();
    return At(std::string(file), std::max<uint32_t>(1, error.source().begin.line),
              Printable(error.description(), 200));
  }
  return TomlBuilder(file).Build(parsed->table(), "");
}

Error TomlTable::Refuse(std::string_view key, std::string_view what) const {
  const Member* member = Find(key);
  std::string where = path_.empty() || key.empty() ? path_ : path_ + ".";
  where += Printable(key);
  return At(file_, member != nullptr ? member->line : line_, where + ": " + std::string(what));
}

Result<> TomlTable::OnlyKeys(std::initializer_list<std::string_view> known) const {
  for (const Member& member : members_) {
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      const std::vector<std::string> names(known.begin(), known.end());
      return Refuse(member.key, "unknown key" + DidYouMeanOf(member.key, names));
    }
  }
  return Ok();
}

std::vector<std::string> TomlTable::Keys() const {
  std::vector<std::string> keys;
  for (const Member& member : members_) keys.push_back(member.key);
  return keys;
}

const TomlTable::Member* TomlTable::Find(std::string_view key) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [key](const Member& member) { return member.key == key; });
  return found == members_.end() ? nullptr : &*found;
}

Result<const TomlTable::Member*> TomlTable::Require(std::string_view key) const {
  const Member* member = Find(key);
  if (member == nullptr) return Refuse(key, "is missing");
  return member;
}

Result<std::string> TomlTable::Text(std::string_view key) const {
  CARNET_TRY_VOID(Require(key));
  CARNET_TRY(auto text, OptionalText(key));
  if (text->empty()) return Refuse(key, "is empty");
  return *std::move(text);
}

Result<TomlTable> TomlTable::Table(std::string_view key) const {
  CARNET_TRY(const Member* member, Require(key));
  const auto* table = std::get_if<TomlTable>(&member->value.value);
  if (table == nullptr) return Refuse(key, "must be a table");
  return *table;
}

Result<std::vector<std::string>> TomlTable::Texts(std::string_view key) const {
  CARNET_TRY_VOID(Require(key));
  CARNET_TRY(auto texts, OptionalTexts(key));
  if (texts.empty()) return Refuse(key, "is empty");
  return texts;
}

Result<std::optional<std::string>> TomlTable::OptionalText(std::string_view key) const {
  const Member* member = Find(key);
  if (member == nullptr) return std::optional<std::string>();
  const auto* text = std::get_if<std::string>(&member->value.value);
  if (text == nullptr) return Refuse(key, "must be a string");
  if (FindForbiddenCharacter(*text))
    return Refuse(key, "contains a control or invisible character");
  return std::optional(*text);
}

Result<std::optional<uint64_t>> TomlTable::OptionalUnsigned(std::string_view key) const {
  const Member* member = Find(key);
  if (member == nullptr) return std::optional<uint64_t>();
  const auto* number = std::get_if<int64_t>(&member->value.value);
  if (number == nullptr || *number < 0) return Refuse(key, "must be an integer, 0 or more");
  return std::optional(static_cast<uint64_t>(*number));
}

Result<bool> TomlTable::Flag(std::string_view key) const {
  const Member* member = Find(key);
  if (member == nullptr) return false;
  const auto* flag = std::get_if<bool>(&member->value.value);
  if (flag == nullptr) return Refuse(key, "must be true or false");
  return *flag;
}

Result<std::vector<std::string>> TomlTable::OptionalTexts(std::string_view key) const {
  std::vector<std::string> texts;
  const Member* member = Find(key);
  if (member == nullptr) return texts;
  const auto* items = std::get_if<std::vector<TomlValue>>(&member->value.value);
  if (items == nullptr) return Refuse(key, "must be an array of strings");
  for (const TomlValue& item : *items) {
    const auto* text = std::get_if<std::string>(&item.value);
    if (text == nullptr || text->empty() || FindForbiddenCharacter(*text)) {
      return Refuse(key, "must be an array of non-empty strings");
    }
    texts.push_back(*text);
  }
  return texts;
}

Result<std::vector<TomlTable>> TomlTable::Tables(std::string_view key) const {
  std::vector<TomlTable> tables;
  const Member* member = Find(key);
  if (member == nullptr) return tables;
  const auto* items = std::get_if<std::vector<TomlValue>>(&member->value.value);
  if (items == nullptr) return Refuse(key, "must be an array of tables");
  for (const TomlValue& item : *items) {
    const auto* table = std::get_if<TomlTable>(&item.value);
    if (table == nullptr) return Refuse(key, "must be an array of tables");
    tables.push_back(*table);
  }
  return tables;
}

}  // namespace carnet::trust
