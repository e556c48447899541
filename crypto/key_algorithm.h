// Private to crypto/: what to say about a DER key that is not in the one form asked for.
#pragma once

#include <initializer_list>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::crypto {

// `wanted` are OpenSSL's names: "prime256v1", "ED25519". Unsupported, with the algorithm found, for
// a well-formed key of another algorithm; malformed for everything else.
Error RefusedSpki(ByteSpan der, std::initializer_list<std::string_view> wanted);
Error RefusedPkcs8(ByteSpan der, std::initializer_list<std::string_view> wanted);

}  // namespace carnet::crypto
