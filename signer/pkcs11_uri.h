// PKCS#11 URIs (RFC 7512): which key, in which token, reached through which module. Strict: every
// attribute that is read is obeyed, and any other is refused, as leaving out a condition could
// choose another key. No attribute twice, none empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::signer {

inline constexpr size_t kMaxUriBytes = 4'096;

struct Pkcs11Uri {
  // The token, as it describes itself; empty: whatever it says.
  std::string token = {};
  std::string manufacturer = {};
  std::string model = {};
  std::string serial = {};
  std::optional<uint64_t> slot_id = {};

  // The key: its label, its id, or both.
  std::string object = {};
  Bytes id = {};

  // One of the two. A path is absolute; a name is looked up by the loader, as `<name>.so` and
  // `lib<name>.so`.
  std::string module_path = {};
  std::string module_name = {};

  std::string pin_file = {};  // pin-source; empty: the PIN is asked for
};

// Errors: malformed; unsupported for what RFC 7512 has and this does not; rejected for pin-value,
// which everybody could read in the list of processes.
Result<Pkcs11Uri> ParsePkcs11Uri(std::string_view text);

}  // namespace carnet::signer
