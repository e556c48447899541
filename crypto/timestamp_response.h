// Private to crypto/: a TimeStampResp as OpenSSL reads it, whole and granted; nothing verified.
#pragma once

#include <openssl/ts.h>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {

struct TimestampResponse {
  OpenSslPtr<TS_RESP, TS_RESP_free> response;
  OpenSslPtr<TS_TST_INFO, TS_TST_INFO_free> info;  // what the token says

  PKCS7* token() const { return TS_RESP_get_token(response.get()); }
};

// Errors: malformed; rejected, for a status other than granted.
Result<TimestampResponse> ReadTimestampResponse(ByteSpan der);

}  // namespace carnet::crypto
