// Canonical decomposition (Unicode NFD, which never changes) of the composed letters that file
// names hold in practice: Latin, Greek without its archaic accents, Cyrillic, kana, and Hangul
// syllables. Thread safe.
#pragma once

#include <string>
#include <string_view>

namespace carnet::artifact {

// `text` with those letters decomposed; marks stay in the order in which they stand. For
// comparing only: what is signed is never normalised. Requires valid UTF-8.
std::string Decomposed(std::string_view text);

}  // namespace carnet::artifact
