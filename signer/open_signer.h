// The signer of a key wherever it is (key_place.h).
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "signer/file_key.h"
#include "signer/signer.h"

namespace carnet::signer {

struct KeyQuestions {
  PasswordProvider password;  // of an encrypted file
  PasswordProvider pin;       // of a token
};

// Errors: those of OpenKey (file_key.h), ParsePkcs11Uri and OpenPkcs11Key, OpenExecKey; beginning
// with `key`.
Result<std::unique_ptr<Signer>> OpenSigner(const std::string& key, const KeyQuestions& ask);

}  // namespace carnet::signer
