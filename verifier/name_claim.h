// What a line of claims.jsonl that nobody judges says that it is, and who it says has signed it:
// for people. Nothing in it is verified.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "schemas/kind.h"
#include "sigstore/bundle.h"

namespace carnet::verifier {

// "OMS signature by key sha256:91ab03c2…". Any version and method of a Sigstore bundle. Errors:
// malformed, unsupported: the line is none.
Result<std::string> NameClaim(std::string_view line);

// The same of one of our statements: "passport by key sha256:91ab03c2…".
std::string NameClaim(schemas::Kind kind, const sigstore::Bundle& bundle);

}  // namespace carnet::verifier
