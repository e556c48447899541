// Policy: thresholds as dated data (docs/rules.md R38), read strictly from TOML.
// Every policy includes `hub-default`. A threshold is a fact; `when_met` says what it does to the
// decision.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/flop.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "schemas/enums.h"
#include "statements/sum.h"
#include "verifier/compute/bounds.h"
#include "verifier/compute/weight_names.h"
#include "verifier/policy/demand.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

enum class Status { kInForce, kProposed, kRescinded, kGuidance };
enum class Figure { kUpdate, kTotal };
enum class Comparison { kGreater, kGreaterOrEqual };
enum class WhenMet { kReport, kRefuse };

struct Threshold {
  std::string id;
  std::string rule;  // what the text says, in words
  Figure figure;
  std::vector<schemas::EdgeType> edges;  // along which the figure is summed
  bool non_public_synthetic;             // adds generation FLOP of non-public synthetic data
  Comparison comparison;
  Flop value;
  WhenMet when_met;
  std::optional<TimestampMs> from;  // in force on [from, until)
  std::optional<TimestampMs> until;
  Status status;
  std::string source;
  std::string policy = {};  // id of the policy that states it
};

// 5 %: published training runs lie between 17 % and 60 % of their precision's dense peak, and the
// fastest precision of a chip has up to four times the peak of the one that is used.
inline constexpr uint64_t kDefaultMinUtilisationPpm = 50'000;

struct Policy {
  std::string id;
  std::string title;
  std::string jurisdiction;
  std::string subject;
  std::string counting;    // the counting rule, in words
  std::string checked_on;  // YYYY-MM-DD
  std::vector<std::string> notes;
  compute::OffPath off_path = compute::OffPath::kReport;  // of sums of `update`
  // Below it what is stated does not explain the device time (R37).
  uint64_t min_utilisation_ppm = kDefaultMinUtilisationPpm;
  std::vector<Threshold> thresholds;
  compute::WeightNames weight_names;          // besides the shipped ones
  std::vector<Demand> demands;                // all of them; the shipped hub-default's first
  std::string digest;                         // hex SHA-256 of the file's bytes
  TimestampMs at{0};                          // the date that the thresholds are judged at (`--at`)
  std::vector<IncludedPolicy> included = {};  // by Including
};

// Whether a threshold decides anything at that date: by its status, and by its own dates.
bool IsInForce(const Threshold& threshold, TimestampMs at);

// What a threshold adds up, and along which edges: through passports, back to where the edges end.
statements::SumRule SumRuleOf(const Threshold& threshold);
// How the policy counts for a threshold of its own.
compute::Counting CountingOf(const Policy& policy, const Threshold& threshold);
// How it counts where a single sum is shown: for its first threshold; without one, `total` along
// every edge that carries weights.
compute::Counting CountingOf(const Policy& policy);

// Errors: malformed, with `name`, key and line: unknown key, wrong type, missing key, bad value.
Result<Policy> ReadPolicy(std::string_view toml, std::string_view name, TimestampMs at);

// `policy` with all that `other`, a hub's own rules, demands and counts as well. Of settings that
// can be loose the stricter one holds for both, and names of weights are only the hub's.
Policy Including(Policy policy, const Policy& other);

// The shipped policies, embedded at build: `eu-gpai`, `eu-systemic`, `hub-complete`,
// `hub-default`.
std::vector<std::string> ShippedPolicyIds();
Result<Policy> ShippedPolicy(std::string_view id, TimestampMs at);  // errors: not_found
// The text of a shipped policy file, for `carnet policy show`.
Result<std::string_view> ShippedPolicyText(std::string_view id);

}  // namespace carnet::verifier::policy
