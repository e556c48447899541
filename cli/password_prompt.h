// Questions for a password on the terminal that controls the process, without echo. A signal that
// ends or stops the process there leaves the echo as it was before.
#pragma once

#include <string_view>

#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::cli {

// `variable` is what to set where there is no terminal. Errors: io (no terminal, nothing entered,
// more than 1,024 bytes).
Result<crypto::SecretBytes> AskPassword(std::string_view question, std::string_view variable);

// Asks twice, unless the first answer is empty. Also errors: rejected where the two differ.
Result<crypto::SecretBytes> AskNewPassword(std::string_view question, std::string_view variable);

}  // namespace carnet::cli
