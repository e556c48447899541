// DigestPrefix: the first hex digits of a digest, as a person types them. Rows of digests that
// begin so are adjacent, as keys hold digests unchanged.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::ledger {

class DigestPrefix {
 public:
  static constexpr size_t kMinDigits = 6;  // of fewer, any larger ledger has several
  static constexpr size_t kMaxDigits = 64;

  // Errors: malformed (not 6 to 64 lowercase hex digits).
  static Result<DigestPrefix> Parse(std::string_view digits);

  const std::string& digits() const { return digits_; }
  bool is_whole() const { return digits_.size() == kMaxDigits; }

  // The least and the greatest 32 bytes that begin so.
  Bytes First() const { return Filled('0'); }
  Bytes Last() const { return Filled('f'); }

 private:
  explicit DigestPrefix(std::string digits) : digits_(std::move(digits)) {}
  Bytes Filled(char digit) const;
  std::string digits_;
};

}  // namespace carnet::ledger
