// The operating system's randomness. Called where programs are wired (cli/, tests) and by the
// primitives that need it inside (ECDSA); everything else takes its random bytes as arguments.
#pragma once

#include <cstdint>
#include <span>

namespace carnet::crypto {

void FillRandom(std::span<uint8_t> out);

}  // namespace carnet::crypto
