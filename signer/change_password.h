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

// Writes the key again under another password, mode 0600. Without a new one: plain PKCS#8. An
// encrypted file of cosign's or PKCS#8 stays what it is; others become cosign's for an attestation
// key, and PKCS#8 for a ledger's (Ed25519). The new file replaces the old one in one
// step, and only after it was opened with the new password and had the same key; whatever fails
// before leaves the old file. Errors, with the path: as OpenKey; unsupported for a key that is
// neither P-256 nor Ed25519; io.
Result<> ChangePassword(const std::string& path, const PasswordChange& change,
                        const KeyFileRandomness& randomness);

}  // namespace carnet::signer
