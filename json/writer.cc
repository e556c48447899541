#include "json/writer.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/hex.h"
#include "core/utf8.h"

namespace carnet::json {
namespace {

bool NeedsEscape(char c) { return static_cast<uint8_t>(c) < 0x20 || c == '"' || c == '\\'; }

// RFC 8785 section 3.2.2.2: the two-character escapes, \u00xx for other controls, nothing else.
void AppendEscape(std::string& out, char c) {
  static constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kEscapes = "\"\\bfnrt";
  if (const size_t which = kEscaped.find(c); which != std::string_view::npos) {
    out += {'\\', kEscapes[which]};
  } else {
    const auto byte = static_cast<uint8_t>(c);
    out += "\\u00" + HexEncode({&byte, 1});
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto end = std::find_if(text.begin(), text.end(), NeedsEscape);
    out.append(text.begin(), end);
    text.remove_prefix(static_cast<size_t>(end - text.begin()));
    if (text.empty()) break;
    AppendEscape(out, text.front());
    text.remove_prefix(1);
  }
  out += '"';
}

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// RFC 8259 section 6.
bool IsNumber(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t whole = SkipDigits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = SkipDigits(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = SkipDigits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

}  // namespace

Writer& Writer::BeginObject() {
  BeforeValue();
  text_ += '{';
  scopes_.push_back({.object = true, .empty = true});
  return *this;
}

Writer& Writer::BeginArray() {
  BeforeValue();
  text_ += '[';
  scopes_.push_back({.object = false, .empty = true});
  return *this;
}

Writer& Writer::EndObject() { return End(true); }

Writer& Writer::EndArray() { return End(false); }

Writer& Writer::End(bool object) {
  CARNET_CHECK(!scopes_.empty() && scopes_.back().object == object && !after_key_);
  const bool empty = scopes_.back().empty;
  scopes_.pop_back();
  if (!empty) NewLine();
  text_ += object ? '}' : ']';
  return *this;
}

Writer& Writer::Key(std::string_view key) {
  CARNET_CHECK(!scopes_.empty() && scopes_.back().object && !after_key_);
  CARNET_CHECK(IsValidUtf8(key));
  BeforeItem();
  AppendQuoted(text_, key);
  text_ += layout_ == Layout::kCompact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

Writer& Writer::String(std::string_view value) {
  CARNET_CHECK(IsValidUtf8(value));
  BeforeValue();
  AppendQuoted(text_, value);
  return *this;
}

Writer& Writer::Unsigned(uint64_t value) {
  BeforeValue();
  text_ += std::to_string(value);
  return *this;
}

Writer& Writer::Bool(bool value) {
  BeforeValue();
  text_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::Number(std::string_view text) {
  CARNET_CHECK(IsNumber(text));
  BeforeValue();
  text_ += text;
  return *this;
}

Writer& Writer::Copy(Value value) {
  switch (value.type()) {
    case Type::kObject:
      BeginObject();
      for (auto v = value.first_child(); v; v = v->next()) Key(v->key()).Copy(*v);
      return EndObject();
    case Type::kArray:
      BeginArray();
      for (auto v = value.first_child(); v; v = v->next()) Copy(*v);
      return EndArray();
    case Type::kString:
      return String(value.string());
    case Type::kNumber:
      return Number(value.number_text());
    case Type::kBool:
      return Bool(value.boolean());
    case Type::kNull:
      BeforeValue();
      text_ += "null";
      return *this;
  }
  CARNET_CHECK(false);
}

std::string Writer::Take() {
  CARNET_CHECK(scopes_.empty() && !text_.empty());
  if (layout_ == Layout::kIndented) text_ += '\n';
  return std::exchange(text_, {});
}

void Writer::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
  } else if (scopes_.empty()) {
    CARNET_CHECK(text_.empty());  // one value a document
  } else {
    CARNET_CHECK(!scopes_.back().object);
    BeforeItem();
  }
}

void Writer::BeforeItem() {
  if (!scopes_.back().empty) text_ += ',';
  scopes_.back().empty = false;
  NewLine();
}

void Writer::NewLine() {
  if (layout_ == Layout::kCompact) return;
  text_ += '\n';
  text_.append(2 * scopes_.size(), ' ');
}

}  // namespace carnet::json
