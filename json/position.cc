#include "json/position.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/utf8.h"
#include "json/parse.h"

namespace carnet::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kBetweenValues = " \t\r\n,:]}";

// The byte after the string that begins at `at`.
size_t EndOfString(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

size_t EndOfScalar(std::string_view text, size_t at) {
  return std::min(text.find_first_of(kBetweenValues, at + 1), text.size());
}

bool IsColonAfter(std::string_view text, size_t at) {
  const size_t next = text.find_first_not_of(kSpace, at);
  return next != text.npos && text[next] == ':';
}

// Of the value that is `node`-th in document order. Requires JSON up to there.
size_t OffsetOfNode(std::string_view text, uint32_t node) {
  uint32_t count = 0;
  size_t key = text.npos;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (kBetweenValues.find(text[at]) != text.npos) {
      ++at;
      continue;
    }
    if (text[at] == '"') {
      at = EndOfString(text, at);
      if (IsColonAfter(text, at)) {
        key = begin;
        continue;
      }
    } else {
      const bool opens = text[at] == '{' || text[at] == '[';
      at = opens ? at + 1 : EndOfScalar(text, at);
    }
    if (count++ == node) return key == text.npos ? begin : key;
    key = text.npos;
  }
  return text.size();
}

// The child that `path` goes on with; `path` is then what follows.
std::optional<Value> ChildOn(Value value, std::string_view& path) {
  if (path.empty()) return std::nullopt;
  size_t position = 0;
  for (auto child = value.first_child(); child; child = child->next(), ++position) {
    const bool element = value.is(Type::kArray);
    const std::string step = element ? fmt::format("[{}]", position) : Printable(child->key());
    std::string_view rest = path;
    if (!element && rest.starts_with('.')) rest.remove_prefix(1);
    if (!rest.starts_with(step)) continue;
    rest.remove_prefix(step.size());
    if (!rest.empty() && rest.front() != '.' && rest.front() != '[') continue;
    path = rest;
    return child;
  }
  return std::nullopt;
}

std::string Place(std::string_view name, std::string_view text, size_t offset) {
  const Position at = PositionOf(text, offset);
  return fmt::format("{}:{}:{}", name, at.line, at.column);
}

}  // namespace

Position PositionOf(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  const size_t line_feed = before.rfind('\n');
  const std::string_view line = line_feed == before.npos ? before : before.substr(line_feed + 1);
  const auto continues = [](char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; };
  const auto more = static_cast<size_t>(std::count_if(line.begin(), line.end(), continues));
  return {lines + 1, line.size() - more + 1};
}

size_t OffsetOf(std::string_view text, Value root, std::string_view path) {
  Value at = root;
  while (const auto child = ChildOn(at, path)) at = *child;
  return OffsetOfNode(text, at.order());
}

Error InFile(std::string_view name, std::string_view text, const Error& error) {
  const auto parsed = ParseToFault(text, {});
  if (const auto* fault = std::get_if<Fault>(&parsed)) {
    const size_t offset = fault->node ? OffsetOfNode(text, *fault->node) : fault->offset;
    return Malformed(Place(name, text, offset) + ": " + fault->what);
  }
  const std::string_view path = std::string_view(error.message).substr(0, error.message.find(": "));
  const size_t offset = OffsetOf(text, std::get<Tree>(parsed).root(), path);
  return {error.code, Place(name, text, offset) + ": " + error.message};
}

}  // namespace carnet::json
