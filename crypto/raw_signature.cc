#include "crypto/raw_signature.h"

#include <algorithm>
#include <string>

namespace carnet::crypto {
namespace {

constexpr uint8_t kSequence = 0x30, kInteger = 0x02;

// DER: as few bytes as possible, and none that looks negative.
void AppendInteger(ByteSpan number, Bytes& der) {
  const auto first =
      std::find_if(number.begin(), number.end() - 1, [](uint8_t b) { return b != 0; });
  const bool looks_negative = (*first & 0x80) != 0;
  const auto digits = static_cast<size_t>(number.end() - first);
  der.push_back(kInteger);
  der.push_back(static_cast<uint8_t>(digits + (looks_negative ? 1 : 0)));
  if (looks_negative) der.push_back(0);
  der.insert(der.end(), first, number.end());
}

}  // namespace

Result<Bytes> DerOfRawP256(ByteSpan raw) {
  if (raw.size() != kRawP256SignatureBytes) {
    return Malformed("signature: expected r and s of 32 bytes each, found " +
                     std::to_string(raw.size()) + " bytes");
  }
  Bytes integers;
  AppendInteger(raw.first(raw.size() / 2), integers);
  AppendInteger(raw.subspan(raw.size() / 2), integers);
  Bytes der{kSequence, static_cast<uint8_t>(integers.size())};  // at most 70
  der.insert(der.end(), integers.begin(), integers.end());
  return der;
}

}  // namespace carnet::crypto
