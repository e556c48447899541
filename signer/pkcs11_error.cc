#include "signer/pkcs11_error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "signer/pkcs11_header.h"

namespace carnet::signer {
namespace {

struct ReturnValue {
  CK_RV value;
  std::string_view name;
  std::string_view words;
};

// Those that modules give to the calls that are made here.
constexpr std::array kReturnValues = {
    ReturnValue{CKR_HOST_MEMORY, "CKR_HOST_MEMORY", "no memory is left"},
    ReturnValue{CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", "there is no such slot"},
    ReturnValue{CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", "the module failed and does not say why"},
    ReturnValue{CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", "the call failed"},
    ReturnValue{CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD", "the module refuses the arguments"},
    ReturnValue{CKR_CANT_LOCK, "CKR_CANT_LOCK", "the module cannot be used by several threads"},
    ReturnValue{CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE", "the token does not show it"},
    ReturnValue{CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID",
                "the object has no such attribute"},
    ReturnValue{CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", "the token or its slot is faulty"},
    ReturnValue{CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", "the token has no memory left"},
    ReturnValue{CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", "the token was pulled out"},
    ReturnValue{CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", "it was cancelled"},
    ReturnValue{CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED",
                "the module cannot do that"},
    ReturnValue{CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID", "the key is no longer there"},
    ReturnValue{CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT",
                "the key is of another type"},
    ReturnValue{CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED",
                "the key may not sign"},
    ReturnValue{CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID",
                "the token does not sign digests by ECDSA (CKM_ECDSA)"},
    ReturnValue{CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE", "another operation is under way"},
    ReturnValue{CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", "the PIN is wrong"},
    ReturnValue{CKR_PIN_INVALID, "CKR_PIN_INVALID", "the PIN has characters that it cannot have"},
    ReturnValue{CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", "the PIN is too short or too long"},
    ReturnValue{CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", "the PIN has expired and must be changed"},
    ReturnValue{CKR_PIN_LOCKED, "CKR_PIN_LOCKED",
                "the PIN is locked after too many wrong ones: the token's owner unlocks it"},
    ReturnValue{CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", "the session was closed meanwhile"},
    ReturnValue{CKR_SESSION_COUNT, "CKR_SESSION_COUNT", "the token has too many sessions already"},
    ReturnValue{CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID",
                "the session has ended, as when the token was pulled out"},
    ReturnValue{CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", "the token is not there"},
    ReturnValue{CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED",
                "the module does not know this token"},
    ReturnValue{CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", "the token wants its PIN first"},
    ReturnValue{CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED",
                "the token has no PIN yet"},
    ReturnValue{CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID",
                "the token does not know this kind of login"},
    ReturnValue{CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL", "the answer is too long"},
    ReturnValue{CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED",
                "the module was shut down"},
};

bool IsAboutPin(CK_RV value) {
  return value == CKR_PIN_INCORRECT || value == CKR_PIN_INVALID || value == CKR_PIN_LEN_RANGE ||
         value == CKR_PIN_EXPIRED || value == CKR_PIN_LOCKED;
}

}  // namespace

Error Pkcs11Error(unsigned long value, std::string_view step) {
  const auto* const found =
      std::find_if(kReturnValues.begin(), kReturnValues.end(),
                   [&](const ReturnValue& row) { return row.value == value; });
  if (found == kReturnValues.end()) {
    return Io(fmt::format("{}: the module answers {:#x}, which says nothing more", step, value));
  }
  const std::string message = fmt::format("{}: {} ({})", step, found->words, found->name);
  return IsAboutPin(value) ? Rejected(message) : Io(message);
}

}  // namespace carnet::signer
