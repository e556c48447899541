// Whether the content of a file is what its name promises, so that a passport may leave the file
// out of the model digest (S5, core/not_covered.h). Weights, programs and archives are refused
// whatever their name: what is not plainly a document, picture or system file is covered. Reads all
// of a file that is not too long, some of it twice. Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "artifact/zip_directory.h"
#include "core/not_covered.h"
#include "core/result.h"

namespace carnet::artifact {

inline constexpr uint64_t kMaxLeavableText = 1 << 20;  // read whole
inline constexpr uint64_t kMaxLeavableBytes = 16
                                              << 20;  // of a picture; a page has far smaller ones

// Empty where the file may be left out, else why it may not, for people: "is a zip archive".
// Requires a path that some pattern matches. Errors: those of `read`.
Result<std::string> WhyNotLeavable(std::string_view path, const ReadAt& read, uint64_t bytes);

}  // namespace carnet::artifact
