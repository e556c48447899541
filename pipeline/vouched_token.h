// A time stamp that counts: asked for, and verified at once.
#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "pipeline/signing_services.h"
#include "sigstore/trusted_material.h"

namespace carnet::pipeline {

// The authority's response over these bytes, of which whoever trusts the same knows that it is
// good. Errors: those of the authority; rejected, with its name (a token over other bytes, of an
// authority that is not trusted, or outside the time in which it is).
Result<Bytes> AskForVouchedToken(const TimestampAuthority& authority, ByteSpan signature,
                                 const sigstore::TrustedMaterial& trusted);

}  // namespace carnet::pipeline
