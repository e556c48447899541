// What a PKCS#11 module answers (CK_RV, PKCS#11 v2.40, 5.1), in words.
#pragma once

#include <string_view>

#include "core/result.h"

namespace carnet::signer {

// `value` is not CKR_OK. "<step>: the PIN is wrong (CKR_PIN_INCORRECT)". Rejected for a wrong or
// locked PIN, io for all else.
Error Pkcs11Error(unsigned long value, std::string_view step);

}  // namespace carnet::signer
