// TomlTable: a TOML 1.0 document as tables whose keys are asked for one by one, each with its
// exact type; a key that OnlyKeys does not name is refused. For the two formats that people write
// by hand: trust directories and policies. Errors are malformed and read
// `<file>:<line>: <key>: <what>`. Thread safe once parsed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace carnet::trust {

inline constexpr size_t kMaxTomlBytes = 1 << 20;  // people write less; against memory

struct TomlValue;

class TomlTable {
 public:
  // `file` is its name in messages.
  static Result<TomlTable> Parse(std::string_view text, std::string_view file);

  Result<> OnlyKeys(std::initializer_list<std::string_view> known) const;

  // Required; a text may not be empty.
  Result<std::string> Text(std::string_view key) const;
  Result<TomlTable> Table(std::string_view key) const;
  Result<std::vector<std::string>> Texts(std::string_view key) const;

  // Absent is absent, false, or no element.
  Result<std::optional<std::string>> OptionalText(std::string_view key) const;
  Result<std::optional<uint64_t>> OptionalUnsigned(std::string_view key) const;
  Result<bool> Flag(std::string_view key) const;
  Result<std::vector<std::string>> OptionalTexts(std::string_view key) const;
  Result<std::vector<TomlTable>> Tables(std::string_view key) const;
  std::vector<std::string> Keys() const;  // in the order of the file
  bool Has(std::string_view key) const { return Find(key) != nullptr; }

  // An error about the value of `key`, or about the table where it has none.
  Error Refuse(std::string_view key, std::string_view what) const;

 private:
  friend class TomlBuilder;
  struct Member;

  const Member* Find(std::string_view key) const;
  Result<const Member*> Require(std::string_view key) const;

  std::string file_;
  std::string path_;  // "key[1]", of the table in its document
  uint32_t line_ = 1;
  std::vector<Member> members_;
};

// Dates, times and floating-point numbers have no place in these files.
struct TomlValue {
  struct Other {};
  std::variant<Other, std::string, int64_t, bool, TomlTable, std::vector<TomlValue>> value;
};

struct TomlTable::Member {
  std::string key;
  uint32_t line;
  TomlValue value;
};

}  // namespace carnet::trust
