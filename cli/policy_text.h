// A policy in words and in JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/timestamp.h"
#include "json/writer.h"
#include "verifier/policy/policy.h"

namespace carnet::cli {

std::string_view PolicyStatusName(verifier::policy::Status status);
std::string_view ComparisonText(const verifier::policy::Threshold& threshold);  // ">"
std::string DateText(const std::optional<TimestampMs>& time);  // YYYY-MM-DD; empty: absent

// Into an open object.
void WritePolicyMembers(const verifier::policy::Policy& policy, json::Writer& writer);

// What it demands, its thresholds, and which of them decide at its date.
std::string PolicyInWords(const verifier::policy::Policy& policy);
// What is allowed but seldom meant.
std::vector<std::string> PolicyWarnings(const verifier::policy::Policy& policy);

}  // namespace carnet::cli
