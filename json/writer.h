// The one JSON writer: compact by default, keys in the order written. Requires valid UTF-8 and
// well-formed nesting (both CHECKed: the caller is our own code).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/tree.h"

namespace carnet::json {

enum class Layout { kCompact, kIndented };

class Writer {
 public:
  explicit Writer(Layout layout = Layout::kCompact) : layout_(layout) {}

  Writer& BeginObject();
  Writer& EndObject();
  Writer& BeginArray();
  Writer& EndArray();
  Writer& Key(std::string_view key);
  Writer& String(std::string_view value);
  Writer& Unsigned(uint64_t value);
  Writer& Bool(bool value);
  Writer& Number(std::string_view text);  // verbatim; requires JSON number syntax
  Writer& Copy(Value value);              // a whole subtree, in its order

  Writer& Member(std::string_view key, std::string_view value) { return Key(key).String(value); }
  Writer& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  Writer& Member(std::string_view key, uint64_t value) { return Key(key).Unsigned(value); }
  Writer& Member(std::string_view key, bool value) { return Key(key).Bool(value); }

  // Requires one complete value. Indented text ends in LF, compact text does not.
  std::string Take();

 private:
  Writer& End(bool object);
  void BeforeValue();
  void BeforeItem();  // a member's key or an element
  void NewLine();
  Layout layout_;
  std::string text_;
  struct Scope {
    bool object;
    bool empty;
  };
  std::vector<Scope> scopes_;
  bool after_key_ = false;
};

}  // namespace carnet::json
