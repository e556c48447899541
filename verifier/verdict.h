// Verdict: the rows in the order printed, the decision, the findings, and what was not checked.
// Plain values; cli/ prints them, pipeline/ signs them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/timestamp.h"
#include "merkle/checkpoint.h"
#include "statements/sum.h"
#include "verifier/finding.h"

namespace carnet::verifier {

enum class RowStatus {
  kPass,
  kFail,
  kUndisclosed,
  kUnattested,
  kNotApplicable,
  kNotChecked,  // an earlier failure left nothing to judge; never a pass
};
std::string_view RowStatusName(RowStatus status);  // "pass", …, "not applicable", "not checked"

struct Row {
  std::string name;  // model, signatures, log, identity, lineage, time, compute, custody, …
  RowStatus status;
  std::string text;  // what was found, in words; at most kMaxMessageBytes
};

enum class Decision { kPass, kFail };

// A threshold of the policy as a fact (R38).
enum class ThresholdState { kMet, kNotMet, kUndisclosed, kNotInForce };
std::string_view ThresholdStateName(ThresholdState state);  // "met", "not met", …

// What decided the state (R37).
enum class ThresholdBasis {
  kLowerBound,             // met: what is claimed is enough
  kUpperBound,             // not met: the device time does not suffice
  kStated,                 // not met: what is stated, in device time that was busy with it
  kUndisclosedTerm,        // undisclosed: a term is undisclosed or missing
  kUnattestedFigure,       // undisclosed: a figure rests on what nothing at hand shows (R35)
  kUnknownDeviceTime,      // undisclosed: there is no upper bound, or only by one's own chips
  kUnexplainedDeviceTime,  // undisclosed: the devices had time for far more than is stated
  kNotInForce,
};
std::string_view ThresholdBasisName(ThresholdBasis basis);  // "lower-bound", …

struct ThresholdFact {
  std::string policy;
  std::string threshold;
  ThresholdState state;
  ThresholdBasis why;
  std::string lower;                 // decimal: no less was done
  std::string stated;                // decimal; only what is disclosed, where it is a lower bound
  std::optional<std::string> upper;  // decimal: no more can have been done; absent: unknown
  bool lower_bound;                  // R37
  std::string bounds;                // the three in words, with who counter-signed the time
  std::string comparison;            // ">" or ">="
  std::string limit;                 // decimal
  std::string rule;                  // in the words of the legal text
  std::string source;
  std::string status;  // in force, proposed, rescinded
};

using statements::FlopSum;

// How much of what could be known about the model is (docs/levels.md).
struct Level {
  int number = 0;
  std::vector<std::string> missing;  // to the next level, in words
};
// "none", "stated", "complete", "counter-signed", "hardware-attested", "re-executed".
std::string_view LevelName(int level);

// A policy that was part of the one asked for: a trust directory's own hub-default.
struct IncludedPolicy {
  std::string id;
  std::string digest;  // hex SHA-256 of its file's bytes
};

// A chip catalogue that went before the shipped one.
struct OwnChips {
  std::string of;      // whose: "trust" (the trust directory's), "caller"
  std::string digest;  // hex SHA-256 of its file's bytes
};

struct Verdict {
  Decision decision = Decision::kFail;
  std::vector<Row> rows;
  std::vector<Finding> findings;  // sorted; the first is *the* reason
  size_t findings_total = 0;
  std::vector<ThresholdFact> thresholds;
  Level level;                           // 0 where a rule before R38 failed
  std::vector<std::string> not_checked;  // R39
  std::vector<std::string> warnings;

  std::optional<StatementId> passport;  // the root (R18)
  std::optional<ModelDigest> model;     // of the files that were read
  std::string model_name;
  std::optional<std::string> only_with_base;     // of an adapter: hex, or "undisclosed"
  std::optional<merkle::Checkpoint> checkpoint;  // judged under it; from the root passport's log
  size_t attestations = 0;
  std::optional<FlopSum> parameter_update;
  std::optional<FlopSum> cumulative;

  std::string policy_id;
  std::string policy_digest;  // hex SHA-256 of the policy file's bytes
  std::vector<IncludedPolicy> included;
  std::vector<OwnChips> chips;  // each before those that stand before it; none: the shipped alone
  TimestampMs at{0};
  TimestampMs now{0};
};

}  // namespace carnet::verifier
