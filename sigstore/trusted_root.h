// trusted_root.json as a trust directory has it: of all that it vouches for
// (sigstore/trusted_material.h), the logs that sign with Ed25519, as ledgers do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "merkle/signed_note.h"

namespace carnet::sigstore {

struct TrustedLog {
  std::string base_url;  // written as `https://<origin>`
  merkle::NoteKey key;   // its name is the origin: the host of base_url
  TimestampMs valid_from;
  std::optional<TimestampMs> valid_until;
  std::string operator_name;  // empty when not given
};

struct TrustedRoot {
  std::vector<TrustedLog> logs;
  size_t skipped_logs = 0;  // keys that are not Ed25519 (Rekor v1) verify nothing here
};

// Errors: malformed (also: an Ed25519 log whose ids are not those of its key), unsupported (media
// type).
Result<TrustedRoot> ReadTrustedRoot(std::string_view json);
// Indented, LF at the end. In version 0.2 where a log names its operator, as 0.1 does not allow it.
std::string WriteTrustedRoot(const TrustedRoot& root);

}  // namespace carnet::sigstore
