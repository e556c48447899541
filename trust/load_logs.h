// trusted_root.json, logs.toml and pins/: the logs of a trust directory. Private to trust/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "trust/trust.h"

namespace carnet::trust {

// Logs in the order of the trusted root; `file` is the name in messages. Errors: malformed.
Result<std::vector<TrustedLog>> ReadLogs(std::string_view trusted_root, std::string_view file);

// Adds what logs.toml says about operators and tree sizes. Errors: malformed.
Result<> ApplyLogNotes(std::string_view toml, std::string_view file, std::vector<TrustedLog>& logs);

// A pin may be signed by any of the log's keys: it is older than whatever it is compared with.
// Errors: malformed (not a checkpoint, or not of a log here), rejected (signature).
Result<> AddPin(std::string_view note, std::string_view file, std::vector<TrustedLog>& logs);

}  // namespace carnet::trust
