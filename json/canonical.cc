#include "json/canonical.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::json {
namespace {

// Order of UTF-16 code units (RFC 8785 section 3.2.3). It differs from that of the UTF-8 bytes
// only between a character above U+FFFF (first byte F0-F4, a surrogate in UTF-16) and one in
// U+E000-FFFF (first byte EE or EF).
bool Utf16Less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto left = static_cast<uint8_t>(*x), right = static_cast<uint8_t>(*y);
  const bool left_pair = left >= 0xf0, right_pair = right >= 0xf0;
  if (left_pair != right_pair && left >= 0xee && right >= 0xee) return left_pair;
  return left < right;
}

// The shortest digits that read back as the same double, with a point after the first of them, and
// the exponent of ten that goes with that.
struct Decimal {
  std::string digits;
  int exponent;
};

Decimal ShortestDecimal(double positive) {
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, positive, std::chars_format::scientific).ptr;
  const char* mark = std::find(buffer, end, 'e');
  Decimal decimal{{}, 0};
  for (const char* c = buffer; c != mark; ++c) {
    if (*c != '.') decimal.digits += *c;
  }
  const char* exponent = mark[1] == '+' ? mark + 2 : mark + 1;
  std::from_chars(exponent, end, decimal.exponent);
  return decimal;
}

// ECMA-262 section 6.1.6.1.20, Number::toString; n and k as there.
std::string EcmaScriptNumber(double value) {
  if (value == 0) return "0";
  auto [digits, exponent] = ShortestDecimal(std::abs(value));
  const int n = exponent + 1, k = static_cast<int>(digits.size());
  const std::string sign = value < 0 ? "-" : "";
  if (k <= n && n <= 21) return sign + digits.append(static_cast<size_t>(n - k), '0');
  if (0 < n && n <= 21) return sign + digits.insert(static_cast<size_t>(n), ".");
  if (-6 < n && n <= 0) return sign + "0." + std::string(static_cast<size_t>(-n), '0') + digits;
  if (k > 1) digits.insert(1, ".");
  return sign + digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

Result<> WriteNumber(Value number, Writer& writer) {
  const std::string_view text = number.number_text();
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || !std::isfinite(value)) {
    const Error error = Malformed(Printable(text) + " is outside the range of a double");
    const std::string path = number.Path();
    return path.empty() ? error : error.In(path);
  }
  writer.Number(EcmaScriptNumber(value));
  return Ok();
}

Result<> Write(Value value, Writer& writer) {
  std::vector<Value> children;
  if (value.is(Type::kNumber)) return WriteNumber(value, writer);
  if (!value.is(Type::kObject) && !value.is(Type::kArray)) {
    writer.Copy(value);
    return Ok();
  }
  for (auto v = value.first_child(); v; v = v->next()) children.push_back(*v);
  const bool object = value.is(Type::kObject);
  if (object) {
    std::sort(children.begin(), children.end(),
              [](Value a, Value b) { return Utf16Less(a.key(), b.key()); });
  }
  object ? writer.BeginObject() : writer.BeginArray();
  for (const Value& child : children) {
    if (object) writer.Key(child.key());
    CARNET_TRY_VOID(Write(child, writer));
  }
  object ? writer.EndObject() : writer.EndArray();
  return Ok();
}

}  // namespace

Result<std::string> Canonical(Value value) {
  Writer writer;
  CARNET_TRY_VOID(Write(value, writer));
  return writer.Take();
}

}  // namespace carnet::json
