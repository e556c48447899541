// Many independent SHA-256 streams advanced at once. On processors with SHA instructions, two to
// four streams interleaved in one core run faster than one after the other, because a single
// stream waits for its own rounds. Falls back to one stream at a time.
#pragma once

#include <span>
#include <string_view>

#include "core/bytes.h"
#include "crypto/sha256.h"

namespace carnet::crypto {

struct StreamInput {
  Sha256* stream;  // each stream at most once in a call
  ByteSpan bytes;  // any length; lengths may differ
};

// The same as stream->Update(bytes) for each. Thread safe for disjoint streams.
void UpdateMany(std::span<const StreamInput> inputs);

// Name of the kernel in use on this machine, for benchmarks: "sha-ni x4", "openssl", …
std::string_view Sha256ManyKernel();

}  // namespace carnet::crypto
