// Policies by name or file, as the command line and the library both accept them.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "verifier/policy/policy.h"

namespace carnet::api {

// Errors: not_found, io, malformed.
Result<verifier::policy::Policy> LoadPolicy(const std::string& path, TimestampMs at);

// A file that ends in .toml, else `policies/<name>.toml` in the trust directory if that exists,
// else a shipped policy. `trust` may be empty.
Result<verifier::policy::Policy> FindPolicy(const std::string& name, const std::string& trust,
                                            TimestampMs at);

// Of the shipped policies, and of those in the trust directory's `policies/`; sorted. Errors: io.
Result<std::vector<std::string>> PolicyIds(const std::string& trust);

}  // namespace carnet::api
