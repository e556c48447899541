// What a trust directory amounts to before a passport is judged with it: whether it loads, all that
// is wrong, and what is allowed but seldom meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "trust/trust.h"

namespace carnet::pipeline {

struct OwnPolicy {
  std::string id;      // by which --policy finds it: the file's name without .toml
  std::string digest;  // hex SHA-256 of the file; empty where it does not read
};

struct TrustReport {
  std::optional<trust::Trust> trust;  // as the gate has it; absent: it would be refused
  std::vector<std::string> errors;    // all of them; none exactly where `trust` is there
  std::vector<std::string> warnings;
  std::vector<OwnPolicy> policies;
};

// Errors: not_found, io: there is no folder to read.
Result<TrustReport> CheckTrust(const std::string& folder, TimestampMs now);

}  // namespace carnet::pipeline
