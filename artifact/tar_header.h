// The headers of tar archives, of which only the checksum is sure: those before POSIX have no
// magic, and begin with the name of the member, which may be the first bytes of a picture. Thread
// safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace carnet::artifact {

inline constexpr size_t kTarBlock = 512;

// Whether some program that reads tar archives takes the block for the header of a member: its
// checksum is right, counted with or without signs, however it is written. Requires kTarBlock
// bytes.
bool IsTarHeader(std::string_view block);

}  // namespace carnet::artifact
