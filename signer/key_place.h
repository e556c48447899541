// Where the private key is that a person named: a file, a PKCS#11 token (`pkcs11:…`, RFC 7512), or
// behind a command (`exec:…`). A file of such a name is named with its folder: `./exec:lab`.
#pragma once

#include <string_view>

namespace carnet::signer {

inline constexpr std::string_view kTokenScheme = "pkcs11:";
inline constexpr std::string_view kCommandScheme = "exec:";

enum class KeyPlace { kFile, kToken, kCommand };

constexpr KeyPlace KeyPlaceOf(std::string_view key) {
  if (key.starts_with(kTokenScheme)) return KeyPlace::kToken;
  return key.starts_with(kCommandScheme) ? KeyPlace::kCommand : KeyPlace::kFile;
}

}  // namespace carnet::signer
