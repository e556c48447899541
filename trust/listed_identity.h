// One identity as a party's file lists it. Private to trust/.
#pragma once

#include "core/result.h"
#include "trust/toml_table.h"
#include "trust/trusted_signer.h"

namespace carnet::trust {

// Of an `[[identity]]`: no other keys than it may have. Errors: malformed.
Result<> CheckIdentityKeys(const TomlTable& table);

// `issuer`, `subject` or `subject_regexp`, `authority`, `extensions`, `extensions_regexp`; the rest
// is `signer`.
// Errors: malformed.
Result<TrustedIdentity> ReadListedIdentity(const TomlTable& table, TrustedSigner signer);

}  // namespace carnet::trust
