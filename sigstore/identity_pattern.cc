#include "sigstore/identity_pattern.h"

#include <re2/re2.h>

#include <utility>

namespace carnet::sigstore {

struct TextPattern::Expression {
  Expression(const re2::StringPiece& expression, const re2::RE2::Options& options)
      : compiled(expression, options) {}
  re2::RE2 compiled;
};

TextPattern::TextPattern(std::string text, std::shared_ptr<const Expression> expression)
    : text_(std::move(text)), expression_(std::move(expression)) {}

TextPattern TextPattern::Exactly(std::string text) { return {std::move(text), nullptr}; }

Result<TextPattern> TextPattern::Regexp(std::string_view expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const Expression>(
      re2::StringPiece(expression.data(), expression.size()), options);
  if (!compiled->compiled.ok()) {
    return Malformed("not a regular expression: " + compiled->compiled.error());
  }
  return TextPattern(std::string(expression), std::move(compiled));
}

bool TextPattern::Matches(std::string_view text) const {
  if (expression_ == nullptr) return text == text_;
  return re2::RE2::FullMatch({text.data(), text.size()}, expression_->compiled);
}

std::strong_ordering operator<=>(const TextPattern& a, const TextPattern& b) {
  if (const auto by_form = a.is_expression() <=> b.is_expression(); by_form != 0) return by_form;
  return a.text_ <=> b.text_;
}

std::string TextPattern::ToString() const {
  return expression_ == nullptr ? text_ : "/" + text_ + "/";
}

}  // namespace carnet::sigstore
