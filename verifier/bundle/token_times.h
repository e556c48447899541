// When a line was signed at the latest, as authorities that are trusted say. Private to bundle/.
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "sigstore/bundle.h"
#include "sigstore/trusted_material.h"

namespace carnet::verifier::bundle {

// The times of all tokens over the bundle's signature that are of one of these authorities, the
// earliest first; at least one. Tokens of strangers count for nothing. Errors: rejected (there is
// none; one of an authority is bad, or states a time later than now).
Result<std::vector<TimestampMs>> TokenTimes(const sigstore::Bundle& bundle,
                                            std::span<const sigstore::Authority> authorities,
                                            TimestampMs now);

}  // namespace carnet::verifier::bundle
