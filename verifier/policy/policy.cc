#include "verifier/policy/policy.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/sha256.h"
#include "schemas/enums.h"
#include "trust/toml_table.h"
#include "verifier/policy/rules.h"
#include "verifier/rules.h"

namespace carnet::verifier::policy {
namespace {

constexpr std::string_view kHubDefault = "hub-default";

template <typename T>
struct Word {
  std::string_view word;
  T value;
};

constexpr std::array kStatuses = {
    Word<Status>{"in force", Status::kInForce}, Word<Status>{"proposed", Status::kProposed},
    Word<Status>{"rescinded", Status::kRescinded}, Word<Status>{"guidance", Status::kGuidance}};
constexpr std::array kFigures = {Word<Figure>{"update", Figure::kUpdate},
                                 Word<Figure>{"total", Figure::kTotal}};
constexpr std::array kComparisons = {Word<Comparison>{">", Comparison::kGreater},
                                     Word<Comparison>{">=", Comparison::kGreaterOrEqual}};
constexpr std::array kOffPath = {Word<compute::OffPath>{"report", compute::OffPath::kReport},
                                 Word<compute::OffPath>{"count", compute::OffPath::kCount}};
constexpr std::array kWhenMet = {Word<WhenMet>{"report", WhenMet::kReport},
                                 Word<WhenMet>{"refuse", WhenMet::kRefuse}};
template <typename T, size_t N>
Result<T> ReadWord(const trust::TomlTable& table, std::string_view key,
                   const std::array<Word<T>, N>& words) {
  CARNET_TRY(const std::string text, table.Text(key));
  std::string expected;
  for (const Word<T>& word : words) {
    if (word.word == text) return word.value;
    expected += (expected.empty() ? "" : ", ") + std::string(word.word);
  }
  return table.Refuse(key,
                      fmt::format("expected one of {}; found \"{}\"", expected, Printable(text)));
}

Result<std::string> ReadDateText(const trust::TomlTable& table, std::string_view key) {
  CARNET_TRY(std::string text, table.Text(key));
  if (!ParseDate(text)) return table.Refuse(key, "must be a date, YYYY-MM-DD");
  return text;
}

Result<std::optional<TimestampMs>> ReadDate(const trust::TomlTable& table, std::string_view key) {
  if (!table.Has(key)) return std::optional<TimestampMs>();
  CARNET_TRY(const std::string text, ReadDateText(table, key));
  CARNET_TRY(const TimestampMs date, ParseDate(text));
  return std::optional(date);
}

Result<std::vector<schemas::EdgeType>> ReadEdges(const trust::TomlTable& table) {
  CARNET_TRY(const auto names, table.OptionalTexts("edges"));
  std::vector<schemas::EdgeType> edges;
  for (const std::string& name : names) {
    const auto edge = schemas::ParseEdgeType(name);
    if (!edge) return table.Refuse("edges", "unknown edge type \"" + Printable(name) + "\"");
    if (std::find(edges.begin(), edges.end(), *edge) != edges.end()) {
      return table.Refuse("edges", name + " appears more than once");
    }
    edges.push_back(*edge);
  }
  return edges;
}

Result<Flop> ReadValue(const trust::TomlTable& table) {
  CARNET_TRY(const std::string text, table.Text("value"));
  const auto value = Flop::Parse(text);
  if (!value) return table.Refuse("value", value.error().message);
  return *value;
}

Result<Threshold> ReadThreshold(const trust::TomlTable& table) {
  CARNET_TRY_VOID(
      table.OnlyKeys({"id", "rule", "figure", "edges", "non_public_synthetic", "comparison",
                      "value", "when_met", "from", "until", "status", "source"}));
  CARNET_TRY(std::string id, table.Text("id"));
  CARNET_TRY(std::string rule, table.Text("rule"));
  CARNET_TRY(const Figure figure, ReadWord(table, "figure", kFigures));
  CARNET_TRY(auto edges, ReadEdges(table));
  CARNET_TRY(const bool synthetic, table.Flag("non_public_synthetic"));
  CARNET_TRY(const Comparison comparison, ReadWord(table, "comparison", kComparisons));
  CARNET_TRY(const Flop value, ReadValue(table));
  CARNET_TRY(const WhenMet when_met, ReadWord(table, "when_met", kWhenMet));
  CARNET_TRY(const auto from, ReadDate(table, "from"));
  CARNET_TRY(const auto until, ReadDate(table, "until"));
  if (from && until && *from >= *until) return table.Refuse("until", "is not after from");
  CARNET_TRY(const Status status, ReadWord(table, "status", kStatuses));
  CARNET_TRY(std::string source, table.Text("source"));
  return Threshold{std::move(id),
                   std::move(rule),
                   figure,
                   std::move(edges),
                   synthetic,
                   comparison,
                   value,
                   when_met,
                   from,
                   until,
                   status,
                   std::move(source),
                   {}};
}

Result<compute::OffPath> ReadOffPath(const trust::TomlTable& table) {
  if (!table.Has("off_path")) return compute::OffPath::kReport;
  return ReadWord(table, "off_path", kOffPath);
}

Result<uint64_t> ReadMinUtilisation(const trust::TomlTable& table) {
  constexpr uint64_t kWholePpm = 1'000'000;
  CARNET_TRY(const auto ppm, table.OptionalUnsigned("min_utilisation_ppm"));
  if (ppm && *ppm > kWholePpm) {
    return table.Refuse("min_utilisation_ppm", "is more than 1000000, the whole peak");
  }
  return ppm.value_or(kDefaultMinUtilisationPpm);
}

// Every policy includes the shipped hub-default, which a hub's own file of that name adds to.
Result<std::vector<Demand>> DemandsOf(const trust::TomlTable& table, std::string_view toml,
                                      const std::string& id) {
  std::vector<Demand> demands;
  CARNET_TRY(const trust::TomlTable shipped,
             trust::TomlTable::Parse(HubDefaultToml(), kHubDefault));
  CARNET_TRY(Requirements always, ReadRequirements(shipped));
  demands.push_back({std::string(kHubDefault), std::move(always)});
  if (toml == HubDefaultToml()) return demands;
  CARNET_TRY(Requirements own, ReadRequirements(table));
  demands.push_back({id, std::move(own)});
  return demands;
}

struct Shipped {
  std::string_view id;
  std::string_view (*text)();
};
constexpr std::array kShipped = {
    Shipped{"eu-gpai", EuGpaiToml}, Shipped{"eu-systemic", EuSystemicToml},
    Shipped{"hub-complete", HubCompleteToml}, Shipped{kHubDefault, HubDefaultToml}};

}  // namespace

Policy Including(Policy policy, const Policy& other) {
  const auto append = [](const auto& from, auto& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(other.demands, policy.demands);
  append(other.thresholds, policy.thresholds);
  if (other.off_path == compute::OffPath::kCount) policy.off_path = compute::OffPath::kCount;
  policy.min_utilisation_ppm = std::max(policy.min_utilisation_ppm, other.min_utilisation_ppm);
  policy.weight_names = other.weight_names;
  policy.included.push_back({other.id, other.digest});
  return policy;
}

Result<Policy> ReadPolicy(std::string_view toml, std::string_view name, TimestampMs at) {
  CARNET_TRY(const trust::TomlTable table, trust::TomlTable::Parse(toml, name));
  CARNET_TRY_VOID(
      table.OnlyKeys({"id", "title", "jurisdiction", "subject", "counting", "checked_on", "notes",
                      "off_path", "min_utilisation_ppm", "threshold", "requirements",
                      "when_unattested", "when_undisclosed", "weights"}));
  Policy policy;
  CARNET_TRY(policy.id, table.Text("id"));
  CARNET_TRY(policy.title, table.Text("title"));
  CARNET_TRY(policy.jurisdiction, table.Text("jurisdiction"));
  CARNET_TRY(policy.subject, table.Text("subject"));
  CARNET_TRY(policy.counting, table.Text("counting"));
  CARNET_TRY(policy.checked_on, ReadDateText(table, "checked_on"));
  CARNET_TRY(policy.notes, table.OptionalTexts("notes"));
  CARNET_TRY(policy.off_path, ReadOffPath(table));
  CARNET_TRY(policy.min_utilisation_ppm, ReadMinUtilisation(table));
  CARNET_TRY(const auto thresholds, table.Tables("threshold"));
  for (const trust::TomlTable& entry : thresholds) {
    CARNET_TRY(Threshold threshold, ReadThreshold(entry));
    for (const Threshold& other : policy.thresholds) {
      if (other.id == threshold.id) return entry.Refuse("id", "appears more than once");
    }
    threshold.policy = policy.id;
    policy.thresholds.push_back(std::move(threshold));
  }
  CARNET_TRY(policy.demands, DemandsOf(table, toml, policy.id));
  if (table.Has("weights")) {
    CARNET_TRY(const trust::TomlTable weights, table.Table("weights"));
    CARNET_TRY(policy.weight_names, compute::ReadWeightNames(weights));
  }
  policy.digest = HexEncode(crypto::Sha256Of(toml).span());
  policy.at = at;
  return policy;
}

std::vector<std::string> ShippedPolicyIds() {
  std::vector<std::string> ids;
  ids.reserve(std::size(kShipped));
  for (const Shipped& shipped : kShipped) ids.emplace_back(shipped.id);
  return ids;
}

Result<std::string_view> ShippedPolicyText(std::string_view id) {
  for (const Shipped& shipped : kShipped) {
    if (shipped.id == id) return shipped.text();
  }
  std::string known;
  for (const std::string& each : ShippedPolicyIds()) known += (known.empty() ? "" : ", ") + each;
  return NotFound(fmt::format("no shipped policy \"{}\": there are {}", Printable(id), known));
}

Result<Policy> ShippedPolicy(std::string_view id, TimestampMs at) {
  CARNET_TRY(const std::string_view text, ShippedPolicyText(id));
  return ReadPolicy(text, id, at);
}

}  // namespace carnet::verifier::policy
