// Private to signer/: which of a module's tokens a URI means.
#pragma once

#include "core/result.h"
#include "signer/pkcs11_module.h"
#include "signer/pkcs11_uri.h"

namespace carnet::signer {

// The slot of the one token that the URI describes. Errors: not_found, with the tokens that there
// are; rejected where several match; io.
Result<CK_SLOT_ID> FindToken(const CK_FUNCTION_LIST& calls, const Pkcs11Uri& uri);

}  // namespace carnet::signer
