// Whose word a statement is: the party that the trust directory gives for the key that signed it.
#pragma once

#include <functional>
#include <string_view>

#include "verifier/passport_file.h"

namespace carnet::verifier {

// Empty: the key is not listed. The view lives as long as the trust directory.
using SigningParty = std::function<std::string_view(const Statement&)>;

// `file` must outlive the function.
inline SigningParty PartiesIn(const PassportFile& file) {
  return [&file](const Statement& line) {
    const trust::TrustedKey* key = file.Of(line).key;
    return key == nullptr ? std::string_view() : std::string_view(key->party);
  };
}

}  // namespace carnet::verifier
