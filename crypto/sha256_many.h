// Many independent SHA-256 streams advanced at once on one core, by the fastest kernel that this
// processor has for so many: interleaved SHA instructions, or a vector with a word of each stream.
// Falls back to one stream at a time.
#pragma once

#include <span>
#include <string>

#include "core/bytes.h"
#include "crypto/sha256.h"

namespace carnet::crypto {

class Sha256Choice;

struct StreamInput {
  Sha256* stream;  // each stream at most once in a call
  ByteSpan bytes;  // any length; lengths may differ
};

// The same as stream->Update(bytes) for each. Thread safe for disjoint streams.
void UpdateMany(std::span<const StreamInput> inputs);
// The same with kernels of the caller's choice: for tests.
void UpdateMany(std::span<const StreamInput> inputs, const Sha256Choice& choice);

// So many streams of the same length side by side are hashed fastest here. At least 1.
size_t Sha256ManyLanes();

// The kernels that are taken here for 2, 4, 8 and 16 streams, for benchmarks: "sha-ni x2, …".
std::string Sha256ManyKernels();

}  // namespace carnet::crypto
