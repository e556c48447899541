// The password of a private-key file: an attestation key's, or a ledger's own.
#pragma once

#include <string>

#include "core/result.h"
#include "signer/file_key.h"

namespace carnet::signer {

struct PasswordChange {
  PasswordProvider old_password;  // called only when the file is encrypted
  PasswordProvider new_password;  // called once the file is open; an empty one is for none
};

// Writes the key again under another password, mode 0600: cosign's form stays cosign's, every other
// becomes PKCS#8, plain where the new password is empty. The new file replaces the old one in one
// step, and only after it was opened with the new password and had the same key; whatever fails
// before leaves the old file. Errors, with the path: as OpenKey; unsupported for a key that is
// neither P-256 nor Ed25519; io.
Result<> ChangePassword(const std::string& path, const PasswordChange& change,
                        const KeyFileRandomness& randomness);

}  // namespace carnet::signer
