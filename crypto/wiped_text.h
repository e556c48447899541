// WipedText: the text of a file that may contain a plain private key, zeroed when destroyed. Unlike
// SecretBytes it is ordinary memory: PEM is text, and files are read and written as text.
#pragma once

#include <string>

namespace carnet::crypto {

class WipedText {
 public:
  explicit WipedText(std::string text);
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText();

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace carnet::crypto
