#include "pipeline/placeholder.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/ascii.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::pipeline {
namespace {

constexpr std::string_view kOptional = " (optional: fill it in, or delete it)";
constexpr size_t kMaxListed = 100;  // of a hostile draft's million

size_t NameLength(std::string_view text) {
  const auto is_name = [](char c) { return IsLetterOrDigit(c) || c == '_'; };
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_name) - text.begin());
}

// Finds the placeholders in the order of the text, and so where each stands in it.
class Finder {
 public:
  Finder(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  void Visit(json::Value value) {
    if (value.is(json::Type::kString) && IsPlaceholder(value.string())) Add(value);
    if (!value.is(json::Type::kObject) && !value.is(json::Type::kArray)) return;
    for (auto child = value.first_child(); child; child = child->next()) Visit(*child);
  }

  Result<> Refuse() {
    if (count_ == 0) return Ok();
    if (count_ > kMaxListed) lines_ += fmt::format("\nand {} more", count_ - kMaxListed);
    return Malformed(lines_);
  }

 private:
  void Add(json::Value value) {
    if (++count_ > kMaxListed) return;
    const std::string where = Where(value.string());
    lines_ += fmt::format("{}{}{}: {} is not filled in: {}", count_ == 1 ? "" : "\n", name_, where,
                          Printable(value.Path()), Printable(MeaningIn(value.string()), 1'000));
  }

  // ":7:14"; empty where the text spells the string in another way than we do.
  std::string Where(std::string_view placeholder) {
    const std::string spelt = json::Writer().String(placeholder).Take();
    const size_t at = text_.find(spelt, from_);
    if (at == text_.npos) return "";
    from_ = at + spelt.size();
    const std::string_view before = text_.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t line_begin = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    return fmt::format(":{}:{}", line, at - line_begin + 1);
  }

  std::string_view text_;
  std::string_view name_;
  size_t from_ = 0;
  size_t count_ = 0;
  std::string lines_;
};

}  // namespace

std::string Placeholder(std::string_view field, std::string_view meaning, bool optional) {
  return fmt::format("<{}: {}{}>", field, meaning, optional ? kOptional : "");
}

bool IsPlaceholder(std::string_view text) {
  if (text.size() < 2 || text.front() != '<' || text.back() != '>') return false;
  const size_t length = NameLength(text.substr(1));
  return length > 0 && text.substr(1 + length).starts_with(": ");
}

std::string MeaningIn(std::string_view placeholder) {
  const size_t begin = NameLength(placeholder.substr(1)) + 3;  // "<", ": "
  return std::string(placeholder.substr(begin, placeholder.size() - begin - 1));
}

Result<> RefusePlaceholders(json::Value root, std::string_view text, std::string_view name) {
  Finder finder(text, name);
  finder.Visit(root);
  return finder.Refuse();
}

Result<> RefusePlaceholder(std::string_view field, std::string_view text) {
  if (!IsPlaceholder(text)) return Ok();
  return Malformed(
      fmt::format("{} is not filled in: {}", field, Printable(MeaningIn(text), 1'000)));
}

}  // namespace carnet::pipeline
