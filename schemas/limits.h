// Limits of statements and passports (docs/rules.md R1, S2-S6), each against an attack by size.
#pragma once

#include <cstddef>
#include <cstdint>

namespace carnet::schemas {

inline constexpr uint64_t kMaxPassportBytes = uint64_t{256} << 20;    // R1: memory
inline constexpr uint64_t kMaxPassportLines = 200'000;                // R1: time per line
inline constexpr uint64_t kMaxLineBytes = uint64_t{4} << 20;          // R1: one statement's memory
inline constexpr uint64_t kMaxReferences = 1'000'000;                 // R1: size of the graph
inline constexpr size_t kMaxTextBytes = 4'096;                        // S4
inline constexpr size_t kMaxMultiLineBytes = 64 * 1024;               // S4: `seen`
inline constexpr size_t kMaxSubjects = 1'024;                         // S3: sigstore-go's limit
inline constexpr uint64_t kMaxJsonInteger = (uint64_t{1} << 53) - 1;  // S4: exact in a double

// R29: between the clocks of two signers, of two devices, or of a signer and a device.
inline constexpr uint64_t kClockSkewMs = uint64_t{5} * 60 * 1'000;

}  // namespace carnet::schemas
