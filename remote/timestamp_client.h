// Time stamps of an authority (RFC 3161 over HTTP, section 3.4).
#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "remote/http_client.h"

namespace carnet::remote {

// The authority's response (a whole TimeStampResp) over `message`, which for a bundle are the bytes
// of its signature. `nonce` is 8 random bytes; the response repeats it, so that no old one can be
// played back. That it is granted and signed by whom is trusted is for crypto::VerifyTimestamp.
// Errors: malformed, rejected, io.
Result<Bytes> AskForTimestamp(ByteSpan message, ByteSpan nonce, const Url& authority,
                              const HttpClient& http);

}  // namespace carnet::remote
