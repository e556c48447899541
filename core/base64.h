// Standard base64 with padding (RFC 4648 section 4), the only spelling read or written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace carnet {

std::string Base64Encode(ByteSpan bytes);
// Absent for the URL alphabet, missing padding, white space and non-zero unused bits.
std::optional<Bytes> Base64Decode(std::string_view text);

}  // namespace carnet
