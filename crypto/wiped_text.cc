#include "crypto/wiped_text.h"

#include <sodium.h>

#include <utility>

namespace carnet::crypto {

WipedText::WipedText(std::string text) : text_(std::move(text)) {}
WipedText::~WipedText() { sodium_memzero(text_.data(), text_.size()); }

}  // namespace carnet::crypto
