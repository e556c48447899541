// Which identities of certificates are wanted: an issuer and a subject alternative name, each as
// exact text or as an anchored regular expression in RE2's syntax, which is Go's and so cosign's.
// Matching takes time linear in the text. A value; const methods are thread safe.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sigstore/certificate_identity.h"

namespace carnet::sigstore {

class TextPattern {
 public:
  static TextPattern Exactly(std::string text);
  // The whole text must match. Errors: malformed (not a regular expression, with the reason).
  static Result<TextPattern> Regexp(std::string_view expression);

  bool Matches(std::string_view text) const;
  std::string ToString() const;                      // for messages: the text, or /expression/
  const std::string& text() const { return text_; }  // or the expression
  bool is_expression() const { return expression_ != nullptr; }

  // By how they are spelt: two expressions that take the same texts may differ.
  friend bool operator==(const TextPattern& a, const TextPattern& b) { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const TextPattern& a, const TextPattern& b);

 private:
  struct Expression;
  TextPattern(std::string text, std::shared_ptr<const Expression> expression);
  std::string text_;
  std::shared_ptr<const Expression> expression_;  // null: exactly; shared: immutable
};

struct IdentityPattern {
  TextPattern issuer;
  TextPattern san;
};

}  // namespace carnet::sigstore
