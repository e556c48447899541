// Bundles from files: one in a file, or one a line, as in a passport.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ledger/rebuild.h"

namespace carnet::cli {

using Bundles = std::vector<ledger::NamedBundle>;

// Adds those of a file's text, each named by file and line. Errors name them too: as
// sigstore::ReadBundle.
Result<> ReadBundleLines(const std::string& file, std::string_view text, Bundles& bundles);

// Of all files, `-` among them, each at most as large as a passport. Errors also: as ReadInput;
// rejected (over `max_bytes` in all).
Result<Bundles> ReadBundles(const std::vector<std::string>& files,
                            uint64_t max_bytes = std::numeric_limits<uint64_t>::max());

}  // namespace carnet::cli
