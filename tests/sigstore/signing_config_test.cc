// Signing configurations: one that cosign wrote, and the choice among services by sigstore's rules.
#include "sigstore/signing_config.h"

#include <boost/json.hpp>
#include <functional>

#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace data = boost::unit_test::data;
namespace json = boost::json;
namespace ut = boost::unit_test;

constexpr uint64_t kVersions[] = {2};
const TimestampMs kNow = ParseDate("2026-06-01").value();

Service Of(const std::string& name, const std::string& operator_name, const std::string& from,
           uint64_t version = 2, const std::string& until = "") {
  Service service{name, version, ParseDate(from).value(), std::nullopt, operator_name};
  if (!until.empty()) service.valid_until = ParseDate(until).value();
  return service;
}

std::string Names(const Result<std::vector<Service>>& chosen) {
  if (!chosen) return chosen.error().message;
  std::string names;
  for (const Service& service : *chosen) names += service.url + " ";
  return names;
}

std::string Chosen(const std::vector<Service>& services, Selector selector, uint64_t count = 0,
                   std::span<const uint64_t> versions = kVersions) {
  return Names(SelectServices(services, {selector, count}, versions, kNow));
}

json::object Config() {
  const json::object service = {{"url", "https://log.example"},
                                {"majorApiVersion", 2},
                                {"validFor", {{"start", "2026-01-01T00:00:00Z"}}},
                                {"operator", "example"}};
  return {{"mediaType", kSigningConfigMediaType},
          {"caUrls", json::array{}},
          {"oidcUrls", json::array{}},
          {"rekorTlogUrls", json::array{service}},
          {"rekorTlogConfig", {{"selector", "EXACT"}, {"count", 1}}},
          {"tsaUrls", json::array{service, service}},
          {"tsaConfig", {{"selector", "ALL"}}}};
}

BOOST_AUTO_TEST_SUITE(signing_config)

BOOST_AUTO_TEST_CASE(reads_what_cosign_writes, *ut::precondition(test::HasVectors("cosign"))) {
  REQUIRE_VALUE(
      const SigningConfig config,
      ReadSigningConfig(test::Slurp(test::VectorsFolder() / "cosign/private_signing_config.json")));
  BOOST_REQUIRE_EQUAL(config.logs.size(), 1U);
  BOOST_CHECK_EQUAL(config.logs[0].url, "http://localhost:3003");
  BOOST_CHECK_EQUAL(config.logs[0].major_api_version, 2U);
  BOOST_CHECK_EQUAL(config.logs[0].operator_name, "carnet");
  BOOST_CHECK(config.logs[0].valid_from == ParseDate("2024-01-01").value());
  BOOST_CHECK(config.log_choice.selector == Selector::kAny);
  BOOST_CHECK(config.timestamp_authorities.empty());
  CHECK_ERROR(
      SelectServices(config.timestamp_authorities, config.timestamp_choice, kVersions, kNow),
      ErrorCode::kUnsupported, "does not say how many");
}

BOOST_AUTO_TEST_CASE(reads_every_field) {
  REQUIRE_VALUE(const SigningConfig config, ReadSigningConfig(json::serialize(Config())));
  BOOST_CHECK(config.log_choice.selector == Selector::kExact);
  BOOST_CHECK_EQUAL(config.log_choice.count, 1U);
  BOOST_CHECK(config.timestamp_choice.selector == Selector::kAll);
  BOOST_CHECK_EQUAL(config.timestamp_authorities.size(), 2U);
}

struct Refused {
  const char* name;
  std::function<void(json::object&)> change;
  ErrorCode code;
  std::string why;
  friend std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.name; }
};
json::object& FirstLog(json::object& config) {
  return config["rekorTlogUrls"].as_array()[0].as_object();
}
const std::vector<Refused> kRefused = {
    {"another_version",
     [](auto& c) { c["mediaType"] = "application/vnd.dev.sigstore.signingconfig.v0.1+json"; },
     ErrorCode::kUnsupported, "is not a signing configuration v0.2"},
    {"unknown_field", [](auto& c) { c["x"] = 1; }, ErrorCode::kMalformed, "x"},
    {"unknown_field_of_a_service", [](auto& c) { FirstLog(c)["x"] = 1; }, ErrorCode::kMalformed,
     "rekorTlogUrls[0].x"},
    {"no_url", [](auto& c) { FirstLog(c).erase("url"); }, ErrorCode::kMalformed,
     "rekorTlogUrls[0].url"},
    {"no_window", [](auto& c) { FirstLog(c).erase("validFor"); }, ErrorCode::kMalformed,
     "rekorTlogUrls[0].validFor"},
    {"no_start", [](auto& c) { FirstLog(c)["validFor"] = json::object{}; }, ErrorCode::kMalformed,
     "validFor.start"},
    {"bad_end", [](auto& c) { FirstLog(c)["validFor"].as_object()["end"] = "soon"; },
     ErrorCode::kMalformed, "validFor.end"},
    {"unknown_selector",
     [](auto& c) {
       c["tsaConfig"] = json::object{{"selector", "SOME"}};
     },
     ErrorCode::kMalformed, "tsaConfig.selector: must be ALL, ANY or EXACT"},
    {"exact_without_count",
     [](auto& c) {
       c["tsaConfig"] = json::object{{"selector", "EXACT"}};
     },
     ErrorCode::kMalformed, "tsaConfig.count"},
    {"count_without_exact",
     [](auto& c) {
       c["tsaConfig"] = json::object{{"selector", "ANY"}, {"count", 2}};
     },
     ErrorCode::kMalformed, "tsaConfig.count"},
    {"too_many_services",
     [](auto& c) { c["tsaUrls"] = json::array(65, c["rekorTlogUrls"].as_array()[0]); },
     ErrorCode::kMalformed, "tsaUrls"},
};

BOOST_DATA_TEST_CASE(refuses, data::make(kRefused), refused) {
  json::object config = Config();
  refused.change(config);
  CHECK_ERROR(ReadSigningConfig(json::serialize(config)), refused.code, refused.why);
}

BOOST_AUTO_TEST_CASE(chooses_the_newest_of_each_operator) {
  const std::vector<Service> services = {
      Of("a-old", "a", "2025-01-01"), Of("b", "b", "2025-06-01"), Of("a-new", "a", "2026-01-01"),
      Of("c-future", "c", "2027-01-01"), Of("d-past", "d", "2024-01-01", 2, "2025-01-01")};
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kAll), "a-new b ");
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kAny), "a-new ");
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kExact, 2), "a-new b ");
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kExact, 1), "a-new ");
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kExact, 3),
                    "3 services of different operators are asked for, but 2 are in force");
}

BOOST_AUTO_TEST_CASE(never_mixes_versions) {
  const std::vector<Service> services = {Of("new", "a", "2026-01-01", 1),
                                         Of("high", "b", "2025-01-01", 2),
                                         Of("higher", "c", "2025-01-01", 3)};
  constexpr uint64_t kBoth[] = {1, 2};
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kAll, 0, kBoth), "high ");
  constexpr uint64_t kOld[] = {1};
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kAll, 0, kOld), "new ");
  constexpr uint64_t kOther[] = {7};
  BOOST_CHECK_EQUAL(Chosen(services, Selector::kAny, 0, kOther),
                    "none of 3 services is in force and of a version that is spoken");
  BOOST_CHECK_EQUAL(Chosen({}, Selector::kAll),
                    "none of 0 services is in force and of a version that is spoken");
}

BOOST_AUTO_TEST_CASE(a_window_has_both_its_ends) {
  BOOST_CHECK_EQUAL(Chosen({Of("starts", "a", "2026-06-01")}, Selector::kAny), "starts ");
  BOOST_CHECK_EQUAL(Chosen({Of("ends", "a", "2026-01-01", 2, "2026-06-01")}, Selector::kAny),
                    "ends ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
