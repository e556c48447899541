// The answer of every signature check. "No" is an answer, not an error.
#pragma once

namespace carnet::crypto {

enum class SignatureCheck { kGood, kBad };

}  // namespace carnet::crypto
