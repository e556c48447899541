#include "ledger/digest_prefix.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"

namespace carnet::ledger {

Result<DigestPrefix> DigestPrefix::Parse(std::string_view digits) {
  DigestPrefix prefix{std::string(digits)};
  const bool fits = digits.size() >= kMinDigits && digits.size() <= kMaxDigits;
  if (fits && HexDecode(std::string(digits) + std::string(kMaxDigits - digits.size(), '0')))
    return prefix;
  return Malformed(fmt::format("\"{}\" is not a digest: expected {} to {} lowercase hex digits",
                               Printable(digits), kMinDigits, kMaxDigits));
}

Bytes DigestPrefix::Filled(char digit) const {
  return *HexDecode(digits_ + std::string(kMaxDigits - digits_.size(), digit));
}

}  // namespace carnet::ledger
