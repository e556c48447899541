#include "verifier/policy/policy.h"

#include <cstdlib>

#include "tests/support/command.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::verifier::policy {
namespace {

using schemas::EdgeType;

constexpr std::string_view kPolicy =
    "id = \"own\"\n"
    "title = \"t\"\n"
    "jurisdiction = \"NZ\"\n"
    "subject = \"s\"\n"
    "counting = \"c\"\n"
    "checked_on = \"2026-11-01\"\n"
    "notes = [\"n\"]\n"
    "off_path = \"count\"\n"
    "min_utilisation_ppm = 70000\n"
    "[[threshold]]\n"
    "id = \"one\"\n"
    "rule = \"r\"\n"
    "figure = \"total\"\n"
    "edges = [\"fine-tuned-from\", \"distilled-from\"]\n"
    "non_public_synthetic = true\n"
    "comparison = \">=\"\n"
    "value = \"100000000000000000000000000\"\n"
    "when_met = \"refuse\"\n"
    "from = \"2025-01-13\"\n"
    "until = \"2025-05-13\"\n"
    "status = \"rescinded\"\n"
    "source = \"90 FR 4544\"\n";

const TimestampMs kAt(1'800'000'000'000);

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const size_t at = out.find(from);
  BOOST_REQUIRE(at != out.npos);
  return out.replace(at, from.size(), to);
}

std::string Joined(std::string_view a, std::string_view b) { return std::string(a).append(b); }

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(reads_every_field) {
  REQUIRE_VALUE(const Policy policy, ReadPolicy(kPolicy, "own.toml", kAt));
  BOOST_CHECK_EQUAL(policy.id, "own");
  BOOST_CHECK_EQUAL(policy.title, "t");
  BOOST_CHECK_EQUAL(policy.jurisdiction, "NZ");
  BOOST_CHECK_EQUAL(policy.subject, "s");
  BOOST_CHECK_EQUAL(policy.counting, "c");
  BOOST_CHECK_EQUAL(policy.checked_on, "2026-11-01");
  BOOST_CHECK((policy.notes == std::vector<std::string>{"n"}));
  BOOST_CHECK(policy.off_path == compute::OffPath::kCount);
  BOOST_CHECK_EQUAL(policy.min_utilisation_ppm, 70'000u);
  BOOST_CHECK(policy.at == kAt);
  BOOST_REQUIRE_EQUAL(policy.thresholds.size(), 1);
  const Threshold& threshold = policy.thresholds[0];
  BOOST_CHECK_EQUAL(threshold.id, "one");
  BOOST_CHECK_EQUAL(threshold.rule, "r");
  BOOST_CHECK(threshold.figure == Figure::kTotal);
  BOOST_CHECK((threshold.edges == std::vector{EdgeType::kFineTunedFrom, EdgeType::kDistilledFrom}));
  BOOST_CHECK(threshold.non_public_synthetic);
  BOOST_CHECK(threshold.comparison == Comparison::kGreaterOrEqual);
  BOOST_CHECK_EQUAL(threshold.value.ToString(), "100000000000000000000000000");
  BOOST_CHECK(threshold.when_met == WhenMet::kRefuse);
  BOOST_CHECK_EQUAL(threshold.from.value().value(), 1'736'726'400'000);   // date -ud 2025-01-13
  BOOST_CHECK_EQUAL(threshold.until.value().value(), 1'747'094'400'000);  // date -ud 2025-05-13
  BOOST_CHECK(threshold.status == Status::kRescinded);
  BOOST_CHECK_EQUAL(threshold.source, "90 FR 4544");
}

BOOST_AUTO_TEST_CASE(every_policy_includes_hub_default) {
  REQUIRE_VALUE(const Policy own, ReadPolicy(kPolicy, "own.toml", kAt));
  REQUIRE_VALUE(const Policy hub, ShippedPolicy("hub-default", kAt));
  BOOST_REQUIRE_EQUAL(hub.demands.size(), 1);
  BOOST_REQUIRE_EQUAL(own.demands.size(), 2);
  for (const Policy* policy : {&own, &hub}) {
    BOOST_CHECK_EQUAL(policy->demands[0].policy, "hub-default");
    BOOST_CHECK_EQUAL(policy->demands[0].requirements.level, 1);
  }
  BOOST_CHECK(hub.thresholds.empty());
  REQUIRE_VALUE(const Policy complete, ShippedPolicy("hub-complete", kAt));
  BOOST_CHECK_EQUAL(complete.demands.at(1).requirements.level, 2);
}

BOOST_AUTO_TEST_CASE(a_policy_makes_demands_of_its_own) {
  const std::string text = Joined(kPolicy,
                                  "[requirements]\nlevel = 2\ndata_used_stated = true\n"
                                  "[when_unattested]\ncustody = \"refuse\"\ntime = \"report\"\n"
                                  "[when_undisclosed]\ncompute = \"refuse\"\n"
                                  "[weights]\nlookup_roles = [\"codebook\"]\n");
  REQUIRE_VALUE(const Policy policy, ReadPolicy(text, "own.toml", kAt));
  const Requirements& own = policy.demands.at(1).requirements;
  BOOST_CHECK_EQUAL(own.level, 2);
  BOOST_CHECK(own.data_used_stated);
  BOOST_CHECK(!own.not_retrospective);
  BOOST_CHECK(own.refuse_unattested == std::set{RowId::kCustody});
  BOOST_CHECK(own.refuse_undisclosed == std::set{RowId::kCompute});
  BOOST_CHECK(policy.weight_names.IsLookupRole("codebook"));
}

// A hub's own hub-default is part of every policy: it adds, and takes nothing away.
BOOST_AUTO_TEST_CASE(an_included_policy_adds_its_demands_and_thresholds) {
  REQUIRE_VALUE(const Policy own, ReadPolicy(kPolicy, "own.toml", kAt));
  REQUIRE_VALUE(const Policy shipped, ShippedPolicy("eu-gpai", kAt));
  const Policy policy = Including(shipped, own);
  BOOST_CHECK_EQUAL(policy.id, "eu-gpai");
  BOOST_CHECK_EQUAL(policy.demands.size(), 4);
  BOOST_CHECK_EQUAL(policy.thresholds.size(), 2);
  BOOST_CHECK(policy.off_path == compute::OffPath::kCount);
  BOOST_CHECK_EQUAL(policy.min_utilisation_ppm, 70'000u);
}

// A policy that a caller names cannot loosen the hub's own.
BOOST_AUTO_TEST_CASE(an_included_policy_is_not_loosened) {
  REQUIRE_VALUE(const Policy hub, ReadPolicy(kPolicy, "hub.toml", kAt));
  const std::string loose =
      Joined(Replaced(Replaced(kPolicy, "\"count\"", "\"report\""), "70000", "0"),
             "[weights]\ntable_words = [\"*\"]\n");
  REQUIRE_VALUE(const Policy chosen, ReadPolicy(loose, "loose.toml", kAt));
  const Policy policy = Including(chosen, hub);
  BOOST_CHECK(policy.off_path == compute::OffPath::kCount);
  BOOST_CHECK_EQUAL(policy.min_utilisation_ppm, 70'000u);
  BOOST_CHECK(policy.weight_names.table_words.empty());
}

const std::pair<std::string_view, std::string_view> kBadDemands[] = {
    {"[requirements]\nlevel = 6\n", "requirements.level: expected 1 to 5"},
    {"[requirements]\nlevel = 0\n", "requirements.level: expected 1 to 5"},
    {"[requirements]\nmay_be_unattested = []\n", "may_be_unattested: unknown key"},
    {"[when_unattested]\ncustard = \"refuse\"\n", "when_unattested.custard: unknown row"},
    {"[when_undisclosed]\ncompute = \"ignore\"\n",
     "when_undisclosed.compute: expected report or refuse; found \"ignore\""},
    {"[weights]\nlookup_role = []\n", "weights.lookup_role: unknown key"},
};

BOOST_AUTO_TEST_CASE(refuses_demands_that_mean_nothing) {
  for (const auto& [text, said] : kBadDemands) {
    CHECK_ERROR(ReadPolicy(Joined(kPolicy, text), "own.toml", kAt), ErrorCode::kMalformed, said);
  }
}

struct Line {
  std::string_view id;
  Figure figure;
  bool synthetic;
  std::string_view value;
};

BOOST_AUTO_TEST_CASE(shipped_thresholds_are_those_of_the_texts) {
  BOOST_CHECK((ShippedPolicyIds() ==
               std::vector<std::string>{"eu-gpai", "eu-systemic", "hub-complete", "hub-default"}));
  const Line lines[] = {
      {"eu-gpai", Figure::kUpdate, false, "100000000000000000000000"},
      {"eu-systemic", Figure::kTotal, true, "10000000000000000000000000"},
  };
  for (const Line& line : lines) {
    REQUIRE_VALUE(const Policy policy, ShippedPolicy(line.id, kAt));
    BOOST_CHECK_EQUAL(policy.id, line.id);
    BOOST_CHECK_EQUAL(policy.jurisdiction, "EU");
    BOOST_CHECK(policy.off_path == compute::OffPath::kReport);
    BOOST_CHECK_EQUAL(policy.min_utilisation_ppm, 50'000u);
    BOOST_REQUIRE_EQUAL(policy.thresholds.size(), 1);
    const Threshold& threshold = policy.thresholds[0];
    BOOST_CHECK(threshold.figure == line.figure);
    BOOST_CHECK_EQUAL(threshold.non_public_synthetic, line.synthetic);
    BOOST_CHECK_EQUAL(threshold.value.ToString(), line.value);
    BOOST_CHECK(threshold.comparison == Comparison::kGreater);
    BOOST_CHECK(threshold.when_met == WhenMet::kReport);
    BOOST_CHECK(threshold.status == Status::kInForce);
    // All that carry weights: neither distilled-from nor synthetic-data-from.
    BOOST_CHECK(
        (threshold.edges == std::vector{EdgeType::kFineTunedFrom, EdgeType::kInitialisedFrom,
                                        EdgeType::kMergedFrom, EdgeType::kAdapterOn,
                                        EdgeType::kQuantisedFrom, EdgeType::kAblatedFrom}));
    BOOST_CHECK_EQUAL(threshold.from.value().value(), 1'754'092'800'000);  // date -ud 2025-08-02
  }
}

BOOST_AUTO_TEST_CASE(the_embedded_text_is_the_file_and_its_digest_that_of_sha256sum) {
  for (const std::string& id : ShippedPolicyIds()) {
    const auto path = test::SourceFolder() / "policies" / (id + ".toml");
    BOOST_CHECK_EQUAL(ShippedPolicyText(id).value(), test::Slurp(path));
    BOOST_CHECK_EQUAL(ShippedPolicy(id, kAt).value().digest,
                      test::MustRun("sha256sum " + path.string()).substr(0, 64));
  }
  CHECK_ERROR(ShippedPolicy("eu-none", kAt), ErrorCode::kNotFound, "eu-none");
}

BOOST_AUTO_TEST_CASE(without_keys_of_its_own_a_policy_counts_as_the_shipped_ones) {
  const std::string silent = Replaced(Replaced(kPolicy, "off_path = \"count\"\n", ""),
                                      "min_utilisation_ppm = 70000\n", "");
  REQUIRE_VALUE(const Policy policy, ReadPolicy(silent, "own.toml", kAt));
  BOOST_CHECK(policy.off_path == compute::OffPath::kReport);
  BOOST_CHECK_EQUAL(policy.min_utilisation_ppm, 50'000u);
}

struct Spoilt {
  std::string_view from;
  std::string_view to;
  std::string_view said;
};
std::ostream& operator<<(std::ostream& out, const Spoilt& spoilt) {
  return out << spoilt.from << " -> " << spoilt.to;
}

const Spoilt kSpoilt[] = {
    {"title = \"t\"\n", "", "title: is missing"},
    {"title", "titel", "own.toml:2: titel: unknown key"},
    {"\"2026-11-01\"", "\"1 November\"", "checked_on: must be a date"},
    {"\"count\"", "\"ignore\"", "off_path: expected one of report, count; found \"ignore\""},
    {"70000", "1000001", "own.toml:9: min_utilisation_ppm: is more than 1000000"},
    {"70000", "-1", "min_utilisation_ppm: "},
    {"70000", "\"5 %\"", "min_utilisation_ppm: "},
    {"\"total\"", "\"cumulative\"",
     "threshold[0].figure: expected one of update, total; found \"cumulative\""},
    {"distilled-from", "descended-from", "edges: unknown edge type \"descended-from\""},
    {"distilled-from", "fine-tuned-from", "edges: fine-tuned-from appears more than once"},
    {"non_public_synthetic = true", "non_public_synthetic = 1", "must be true or false"},
    {"\">=\"", "\"=>\"", "comparison: expected one of >, >=; found \"=>\""},
    {"\"100000000000000000000000000\"", "1000", "value: must be a string"},
    {"\"100000000000000000000000000\"", "\"1e26\"", "own.toml:17: threshold[0].value: "},
    {"\"100000000000000000000000000\"", "\"340282366920938463463374607431768211456\"", "value: "},
    {"\"refuse\"", "\"fine\"", "when_met: expected one of report, refuse; found \"fine\""},
    {"2025-05-13", "2025-01-13", "until: is not after from"},
    {"2025-05-13", "2025-02-30", "until: must be a date"},
    {"\"rescinded\"", "\"dead\"",
     "status: expected one of in force, proposed, rescinded, guidance; found \"dead\""},
    {"[[threshold]]", "[[threshold]]\nweight = 1", "threshold[0].weight: unknown key"},
    {"[[threshold]]", "[threshold]", "threshold: must be an array of tables"},
};

BOOST_DATA_TEST_CASE(refuses_a_spoilt_policy, boost::unit_test::data::make(kSpoilt), spoilt) {
  CHECK_ERROR(ReadPolicy(Replaced(kPolicy, spoilt.from, spoilt.to), "own.toml", kAt),
              ErrorCode::kMalformed, spoilt.said);
}

BOOST_AUTO_TEST_CASE(refuses_a_repeated_threshold_id) {
  const std::string_view threshold = kPolicy.substr(kPolicy.find("[[threshold]]"));
  CHECK_ERROR(ReadPolicy(Joined(kPolicy, threshold), "own.toml", kAt), ErrorCode::kMalformed,
              "threshold[1].id: appears more than once");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::policy
