// UTF-8 validity, and the characters that no signed string and no path may contain (S4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carnet {

// Unicode 15, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// Byte offset of the first control character (U+0000-1F, 7F-9F), line or paragraph separator
// (U+2028, 2029) or character that is not drawn (Unicode's Default_Ignorable_Code_Point, such as
// zero-width spaces and bidirectional controls). Requires valid UTF-8.
std::optional<size_t> FindForbiddenCharacter(std::string_view text);

// Whether `text` has nothing but white space (Unicode's White_Space, U+2800) or is empty. Requires
// valid UTF-8 without forbidden characters.
bool IsBlank(std::string_view text);

// `text` in quotation marks, made safe like Printable; quotation marks and backslashes inside are
// escaped too, so that the text cannot end its own quotation.
std::string Quoted(std::string_view text, size_t max_bytes = 80);

// `text` made safe for a terminal or a log line: forbidden and invalid bytes as \xNN, cut at
// `max_bytes` and then followed by "...". For messages that quote hostile input.
std::string Printable(std::string_view text, size_t max_bytes = 80);

}  // namespace carnet
