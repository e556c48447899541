// The word of a list that someone may have meant by another, for messages: how far apart two words
// are (optimal string alignment: characters added, left out, replaced, neighbours swapped), with
// letters of either case the same, and `_` the same as `-`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace carnet {

// At most 1 + a quarter of `word`'s length away, as in git; or else the only one that begins with
// `word`, of three characters or more. Of several the first of the least distance.
std::optional<std::string> Closest(std::string_view word, std::span<const std::string> known);

// For the end of a message about `word`: `; did you mean "steps"?`, or nothing.
std::string DidYouMean(std::string_view word, std::span<const std::string> known);
// The same, then `; known: a, b, c` where the list is short (at most 12).
std::string DidYouMeanOf(std::string_view word, std::span<const std::string> known);

// "a, b, c".
std::string Listed(std::span<const std::string> words);

}  // namespace carnet
