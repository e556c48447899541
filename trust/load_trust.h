// The trust directory (docs/formats.md, "Trust directory"): plain files to a Trust. Strict: an
// unknown file, key or value is refused by name, as a file that is silently ignored looks like
// trust that was given. To the caller an error means "could not tell" (exit 3), never a "no".
//
//   trusted_root.json   Sigstore's trusted root: the logs, keys of one origin being one log's;
//                       authorities that certify and stamp time, and logs of certificates
//   logs.toml           optional: operators, and tree sizes at which each log key is in force
//   pins/*.checkpoint   optional: signed notes known from elsewhere
//   parties/*.toml      who, with which keys and identities, for which kinds, until when; PEM files
//                       beside
//   policies/           optional: of these only hub-default.toml is read, and not judged, here
//   chips.csv           optional: chips that the shipped catalogue lacks or has wrong; the same
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "trust/trust.h"

namespace carnet::trust {

inline constexpr std::string_view kTrustedRootFile = "trusted_root.json";
inline constexpr uint64_t kMaxTrustedRootBytes = 4 << 20;  // Sigstore's own is 10 kB
inline constexpr std::string_view kHubDefaultFile = "policies/hub-default.toml";
inline constexpr std::string_view kChipsFile = "chips.csv";

// Errors: not_found, io, malformed, unsupported (key type), rejected (a pin that the log's keys
// did not sign), each naming the file.
Result<Trust> LoadTrust(const std::string& folder);

// The logs of its trusted_root.json alone, without what other files say of them. Errors: not_found,
// io, malformed, unsupported.
Result<std::vector<TrustedLog>> ReadTrustedLogs(const std::string& folder);

// All that LoadTrust refuses, in the order in which it would; none exactly where it succeeds. What
// rests on a file that cannot be read is not judged, nor is the whole before its parts are in
// order.
std::vector<Error> FindTrustErrors(const std::string& folder);

}  // namespace carnet::trust
