// Whose word a statement is: the party that the trust directory gives for the key or identity that
// signed it.
#pragma once

#include <functional>
#include <string_view>

#include "verifier/passport_file.h"

namespace carnet::verifier {

// Empty: the signer is not listed. The view lives as long as the trust directory.
using SigningParty = std::function<std::string_view(const Statement&)>;

// `file` must outlive the function.
inline SigningParty PartiesIn(const PassportFile& file) {
  return [&file](const Statement& line) {
    const auto& signer = file.Of(line).signer;
    return signer ? std::string_view(signer->party()) : std::string_view();
  };
}

}  // namespace carnet::verifier
