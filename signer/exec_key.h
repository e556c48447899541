// Attestation keys behind a command of the user's: a cloud's key service, an agent, a card reader
// with a program of its own. The private key is wherever the command reaches it.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "core/result.h"
#include "signer/attestation_key.h"

namespace carnet::signer {

// `COMMAND public-key` prints the public key (PEM). `COMMAND sign` reads the 32 bytes of a SHA-256
// digest and prints the DER signature over it, and nothing else. Each may take `time`, after which
// it is killed. No shell is used (command_words.h). Errors: malformed, not_found (no such program),
// unsupported (another kind of key), io (the command failed: its status, and what it said).
Result<std::unique_ptr<AttestationKey>> OpenExecKey(
    std::string_view command, std::chrono::milliseconds time = std::chrono::seconds(60));

}  // namespace carnet::signer
