#include "signer/command_words.h"

#include <fmt/core.h>

#include <optional>

#include "core/utf8.h"

namespace carnet::signer {
namespace {

constexpr size_t kMaxCommandBytes = 4'096;

// POSIX 2.2: what a shell reads otherwise than as itself, outside of quotation marks and within
// double ones; and what means something only where a word begins.
constexpr std::string_view kSpecial = "|&;<>()$`*?[]{}!";
constexpr std::string_view kSpecialInDouble = "$`!";
constexpr std::string_view kEscapedInDouble = "$`\"\\";
constexpr std::string_view kSpecialAtBeginning = "#~";

Error NeedsShell(char c) {
  return Malformed(fmt::format(
      "{} means something to a shell, and none is used here: quote it, or put the command into a "
      "script",
      Quoted(std::string_view(&c, 1))));
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> Split() {
    while (at_ < text_.size()) {
      CARNET_TRY_VOID(Step(text_[at_++]));
    }
    EndWord();
    return std::move(words_);
  }

 private:
  Result<> Step(char c) {
    if (c == ' ') {
      EndWord();
      return Ok();
    }
    if (c == '\'') return SingleQuoted();
    if (c == '"') return DoubleQuoted();
    if (c == '\\') return Escaped();
    if (MeansSomething(c)) return NeedsShell(c);
    Append(c);
    return Ok();
  }

  bool MeansSomething(char c) const {
    if (c == '=') return words_.empty();  // else a variable would be set
    return kSpecial.find(c) != kSpecial.npos ||
           (!word_ && kSpecialAtBeginning.find(c) != kSpecialAtBeginning.npos);
  }

  Result<> SingleQuoted() {
    const size_t end = text_.find('\'', at_);
    if (end == text_.npos) return Malformed("a quotation mark ' is not closed");
    if (!word_) word_ = "";
    *word_ += text_.substr(at_, end - at_);
    at_ = end + 1;
    return Ok();
  }

  Result<> DoubleQuoted() {
    if (!word_) word_ = "";
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return Ok();
      const bool escapes = c == '\\' && at_ < text_.size() &&
                           kEscapedInDouble.find(text_[at_]) != kEscapedInDouble.npos;
      if (escapes) {
        Append(text_[at_++]);
      } else if (kSpecialInDouble.find(c) != kSpecialInDouble.npos) {
        return NeedsShell(c);
      } else {
        Append(c);
      }
    }
    return Malformed("a quotation mark \" is not closed");
  }

  Result<> Escaped() {
    if (at_ == text_.size()) return Malformed("nothing follows the last backslash");
    Append(text_[at_++]);
    return Ok();
  }

  void Append(char c) {
    if (!word_) word_ = "";
    *word_ += c;
  }

  void EndWord() {
    if (word_) words_.push_back(*std::move(word_));
    word_.reset();
  }

  std::string_view text_;
  size_t at_ = 0;
  std::optional<std::string> word_;  // absent between words
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> SplitCommand(std::string_view command) {
  if (command.size() > kMaxCommandBytes) {
    return Malformed(fmt::format("larger than {} bytes", kMaxCommandBytes));
  }
  if (!IsValidUtf8(command) || FindForbiddenCharacter(command)) {
    return Malformed("must be UTF-8 without control or invisible characters");
  }
  CARNET_TRY(auto words, Splitter(command).Split());
  if (words.empty() || words.front().empty()) return Malformed("no command is given");
  return words;
}

}  // namespace carnet::signer
