// Private to crypto/: what to say of a DER key that is not in the one form that was asked for.
#pragma once

#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::crypto {

// unsupported, naming the algorithm, for a well-formed key of another algorithm than `wanted`
// ("prime256v1", "ED25519": OpenSSL's names); malformed for everything else.
Error RefusedSpki(ByteSpan der, std::string_view wanted);
Error RefusedPkcs8(ByteSpan der, std::string_view wanted);

}  // namespace carnet::crypto
