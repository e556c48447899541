#include "cli/policy_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/check.h"
#include "core/utf8.h"
#include "verifier/policy/level.h"

namespace carnet::cli {

using verifier::policy::Demand;
using verifier::policy::Policy;
using verifier::policy::Requirements;
using verifier::policy::Threshold;

std::string_view PolicyStatusName(verifier::policy::Status status) {
  switch (status) {
    case verifier::policy::Status::kInForce:
      return "in force";
    case verifier::policy::Status::kProposed:
      return "proposed";
    case verifier::policy::Status::kRescinded:
      return "rescinded";
    case verifier::policy::Status::kGuidance:
      return "guidance";
  }
  CARNET_CHECK(false);
}

std::string_view ComparisonText(const Threshold& threshold) {
  return threshold.comparison == verifier::policy::Comparison::kGreater ? ">" : ">=";
}

std::string DateText(const std::optional<TimestampMs>& time) {
  return time ? FormatTimestamp(*time).substr(0, 10) : "";
}

void WritePolicyMembers(const Policy& policy, json::Writer& writer) {
  writer.Member("id", policy.id)
      .Member("title", policy.title)
      .Member("jurisdiction", policy.jurisdiction)
      .Member("sha256", policy.digest)
      .Member("checked_on", policy.checked_on)
      .Key("thresholds")
      .BeginArray();
  for (const Threshold& threshold : policy.thresholds) {
    writer.BeginObject()
        .Member("id", threshold.id)
        .Member("comparison", ComparisonText(threshold))
        .Member("flop", threshold.value.ToString())
        .Member("status", PolicyStatusName(threshold.status))
        .Member("from", DateText(threshold.from))
        .Member("until", DateText(threshold.until))
        .Member("rule", threshold.rule)
        .Member("source", threshold.source)
        .EndObject();
  }
  writer.EndArray();
}

namespace {

constexpr size_t kIndent = 14;

void AddLine(std::string_view name, const std::string& text, std::string& to) {
  std::string padded(name);
  padded.resize(std::max(kIndent, padded.size() + 1), ' ');
  to += padded + text + "\n";
}

void AddWord(bool wanted, std::string_view word, std::string& to) {
  if (wanted) to += (to.empty() ? "" : ", ") + std::string(word);
}

std::string RowNames(const std::set<verifier::RowId>& rows) {
  std::string names;
  for (const verifier::RowId row : rows) AddWord(true, verifier::RowName(row), names);
  return names;
}

std::string RequirementsText(const Requirements& wanted) {
  std::string text;
  if (wanted.level > 0) {
    text = fmt::format("level {} ({})", wanted.level, verifier::LevelName(wanted.level));
  }
  AddWord(wanted.data_used_stated, "data used stated", text);
  AddWord(wanted.intended_deployment_stated, "intended deployment stated", text);
  AddWord(wanted.nothing_undisclosed,
          "nothing undisclosed in FLOP, tokens, inputs and initial "
          "weights",
          text);
  AddWord(wanted.not_retrospective, "no run entered after the fact", text);
  const std::string unattested = RowNames(wanted.refuse_unattested);
  const std::string undisclosed = RowNames(wanted.refuse_undisclosed);
  AddWord(!unattested.empty(), "not unattested: " + unattested, text);
  AddWord(!undisclosed.empty(), "not undisclosed: " + undisclosed, text);
  return text.empty() ? "nothing more" : text;
}

std::string EdgesText(const Threshold& threshold) {
  std::string text;
  for (const schemas::EdgeType edge : threshold.edges) {
    AddWord(true, schemas::EdgeTypeName(edge), text);
  }
  if (text.empty()) text = "no edge";
  AddWord(threshold.non_public_synthetic, "with generation of non-public synthetic data", text);
  return text;
}

std::string DatesText(const Threshold& threshold, TimestampMs at) {
  std::string text(PolicyStatusName(threshold.status));
  if (threshold.from) text += " from " + DateText(threshold.from);
  if (threshold.until) text += " until " + DateText(threshold.until);
  return text +
         (verifier::policy::IsInForce(threshold, at) ? ": decides on " : ": decides nothing on ") +
         DateText(at);
}

void AddThreshold(const Threshold& threshold, TimestampMs at, std::string& to) {
  AddLine("threshold",
          fmt::format("{}: {} {} {} FLOP, {}", Printable(threshold.id),
                      threshold.figure == verifier::policy::Figure::kTotal ? "total" : "update",
                      ComparisonText(threshold), threshold.value.ToScientific(),
                      threshold.when_met == verifier::policy::WhenMet::kRefuse
                          ? "refused when met or undisclosed"
                          : "reported"),
          to);
  AddLine("", "along " + EdgesText(threshold), to);
  AddLine("", DatesText(threshold, at), to);
  AddLine("", threshold.rule, to);
  AddLine("", threshold.source, to);
}

}  // namespace

std::string PolicyInWords(const Policy& policy) {
  std::string text;
  AddLine("policy", policy.id + ": " + policy.title, text);
  AddLine("jurisdiction", policy.jurisdiction, text);
  AddLine("subject", policy.subject, text);
  AddLine("counting", policy.counting, text);
  AddLine("checked on", policy.checked_on, text);
  for (const Demand& demand : policy.demands) {
    AddLine("demands", demand.policy + ": " + RequirementsText(demand.requirements), text);
  }
  AddLine("off path",
          policy.off_path == verifier::compute::OffPath::kCount
              ? "work off the weights_from path is counted"
              : "work off the weights_from path is shown, not counted",
          text);
  AddLine("device time",
          fmt::format("explained from {} ppm of the peak", policy.min_utilisation_ppm), text);
  for (const Threshold& threshold : policy.thresholds) AddThreshold(threshold, policy.at, text);
  if (policy.thresholds.empty()) AddLine("threshold", "none", text);
  for (const std::string& note : policy.notes) AddLine("note", note, text);
  return text;
}

std::vector<std::string> PolicyWarnings(const Policy& policy) {
  std::vector<std::string> warnings;
  for (const Demand& demand : policy.demands) {
    const Requirements& wanted = demand.requirements;
    if (wanted.level > verifier::policy::kHighestVerifiedLevel) {
      warnings.push_back(fmt::format(
          "{} demands level {}, and no verdict of this version is above {}: every passport is "
          "refused",
          demand.policy, wanted.level, verifier::policy::kHighestVerifiedLevel));
    }
    for (const verifier::RowId row : {verifier::RowId::kCustody, verifier::RowId::kHardware}) {
      if (!wanted.refuse_unattested.contains(row)) continue;
      warnings.push_back(fmt::format(
          "{} refuses the row {} where it is unattested, and nothing in this version attests it: "
          "passports of trained models are refused",
          demand.policy, verifier::RowName(row)));
    }
    for (const verifier::RowId row : wanted.refuse_unattested) {
      if (wanted.refuse_undisclosed.contains(row)) continue;
      warnings.push_back(
          fmt::format("{} refuses the row {} where it is unattested, not where it is "
                      "undisclosed: who withholds more passes",
                      demand.policy, verifier::RowName(row)));
    }
  }
  return warnings;
}

}  // namespace carnet::cli
