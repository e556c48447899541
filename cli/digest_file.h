// The digests of a file of any size, which is read once.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "crypto/digest.h"
#include "sigstore/entry_body.h"

namespace carnet::cli {

// One for each algorithm. Errors: io (also: no regular file), not_found.
Result<std::vector<sigstore::StatedDigest>> DigestFile(
    const std::string& path, const std::vector<crypto::HashAlgorithm>& wanted);

}  // namespace carnet::cli
