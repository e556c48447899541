#include "verifier/policy/new_policy.h"

#include <algorithm>

#include "verifier/policy/policy.h"

namespace carnet::verifier::policy {
namespace {

// Comments all of it: what a policy demands is what its author has taken the mark away from.
constexpr std::string_view kMore = R"(
# ---------------------------------------------------------------------------------------------
# What else a policy may say (docs/formats.md, "Policy"); take the # away. The rules of the gate
# and the shipped hub-default hold whatever stands here: a policy adds to them.
#
# [requirements]            # once in the file; docs/levels.md
# level = 2                 # at least; level 2 includes the four below
# data_used_stated = true
# intended_deployment_stated = true
# nothing_undisclosed = true    # FLOP, tokens, inputs, initial weights
# not_retrospective = true
#
# [when_unattested]         # rows of the verdict: "report" or "refuse"
# lineage = "refuse"
# compute = "refuse"
#
# [when_undisclosed]        # refuse both, or a row passes by withholding more
# lineage = "refuse"
# compute = "refuse"
#
# [[threshold]]             # any number of them
# id = "our-line"
# rule = "cumulative compute greater than 10^25 FLOP"
# figure = "total"          # or "update": compute that ended up in the weights
# edges = ["fine-tuned-from", "initialised-from", "merged-from", "adapter-on", "quantised-from", "ablated-from"]
# comparison = ">"          # or ">="
# value = "10000000000000000000000000"   # FLOP
# when_met = "report"       # or "refuse": met and undisclosed fail
# from = "2026-01-01"       # optional, as is until
# status = "in force"       # or guidance; proposed and rescinded decide nothing
# source = "where the rule is written"
)";

bool IsIdLine(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t");
  if (first == line.npos || !line.substr(first).starts_with("id")) return false;
  const size_t next = line.find_first_not_of(" \t", first + 2);
  return next != line.npos && line[next] == '=';
}

// What the file was about is said of another policy.
std::string_view WithoutHeading(std::string_view text) {
  while (text.starts_with('#') || text.starts_with('\n')) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text;
}

// Before the first table, where ids are the policy's own.
std::string WithId(std::string_view text, std::string_view id) {
  std::string replaced;
  bool done = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with('[')) done = true;
    if (!done && IsIdLine(line)) {
      replaced += "id = \"" + std::string(id) + "\"\n";
      done = true;
    } else {
      replaced += line;
    }
  }
  return replaced;
}

bool SameButForId(const Policy& a, const Policy& b) {
  return a.title == b.title && a.subject == b.subject && a.notes == b.notes &&
         a.thresholds.size() == b.thresholds.size() && a.off_path == b.off_path &&
         a.min_utilisation_ppm == b.min_utilisation_ppm;
}

}  // namespace

Result<std::string> NewPolicyText(std::string_view id, std::string_view text,
                                  std::string_view name) {
  CARNET_TRY(const Policy before, ReadPolicy(text, name, TimestampMs(0)));
  std::string replaced = "# What we demand of a passport; begun as a copy of " + std::string(name) +
                         ". Title and notes are yours to write.\n" +
                         WithId(WithoutHeading(text), id);
  if (!replaced.ends_with('\n')) replaced += '\n';
  replaced += kMore;
  CARNET_TRY(const Policy after, ReadPolicy(replaced, name, TimestampMs(0)));
  if (after.id != id || !SameButForId(before, after)) {
    return Malformed(std::string(name) +
                     ": its id stands where it cannot be replaced: copy the "
                     "file by hand");
  }
  return replaced;
}

}  // namespace carnet::verifier::policy
