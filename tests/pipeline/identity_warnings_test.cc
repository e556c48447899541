#include "pipeline/identity_warnings.h"

#include <boost/test/data/test_case.hpp>

#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

namespace data = boost::unit_test::data;
using schemas::Kind;
using sigstore::TextPattern;
using trust::RequiredExtension;
using trust::TrustedIdentity;

constexpr TimestampMs kNow(1'790'000'000'000);  // 2026-09-21

TextPattern Expression(const std::string& text) {
  REQUIRE_VALUE(auto pattern, TextPattern::Regexp(text));
  return pattern;
}

TrustedIdentity Listed(TextPattern subject, std::vector<RequiredExtension> extensions = {}) {
  return {{TextPattern::Exactly("https://accounts.example.org"), std::move(subject)},
          std::move(extensions),
          {.party = "lab", .name = {}, .kinds = {Kind::kRun}, .dates = {}, .sizes = {}}};
}

std::vector<std::string> WarningsOfOne(const TrustedIdentity& identity) {
  return WarningsOf({identity}, kNow);
}

void CheckOnly(const std::vector<std::string>& warnings, const std::string& part) {
  BOOST_REQUIRE_EQUAL(warnings.size(), 1U);
  BOOST_CHECK_MESSAGE(warnings[0].find(part) != std::string::npos,
                      warnings[0] << " lacks " << part);
}

constexpr char kWhoever[] = "takes whoever the issuer vouches for";
constexpr char kDot[] = "a bare dot takes any character";

BOOST_AUTO_TEST_SUITE(identity_warnings)

// Each lets a stranger in, who is named; RE2 itself says so first.
struct Wide {
  const char* expression;
  const char* stranger;
};
std::ostream& operator<<(std::ostream& out, const Wide& wide) { return out << wide.expression; }
const Wide kWide[] = {
    {R"(.*lab\.example)", "mallory@evil-lab.example"},
    {R"(jane@lab\.example.*)", "jane@lab.example.evil.example"},
    {R"(jane@.*)", "jane@evil.example"},
    {R"(.*@lab.example)", "mallory@labxexample"},
    {R"(.*@lab\.example)", "mallory@evil.example@lab.example"},
    {R"(https://git\.example/lab.*)", "https://git.example/lab-evil/x"},
    {R"(https://.*\.lab\.example/.*)", "https://evil.example/x.lab.example/y"},
    {R"(https://git.example/lab/.*)", "https://gitxexample/lab/x"},
    {R"(https://git\.example/.*)", "https://git.example/mallory"},
    {R"(.*@mail\.example)", "mallory@mail.example"},
    {R"(\Qa.b\E.)", "a.bx"},
    {R"([.].)", ".x"},
    {R"([]a].)", "]x"},
    {R"([^\]]b.)", "abx"},
};
BOOST_DATA_TEST_CASE(a_dot_that_lets_a_stranger_in_is_named, data::make(kWide), wide) {
  const TextPattern pattern = Expression(wide.expression);
  BOOST_REQUIRE(pattern.Matches(wide.stranger));
  CheckOnly(WarningsOfOne(Listed(pattern)), kDot);
}

const char* const kNarrow[] = {
    R"([^@/]+@lab\.example)",
    R"(jane@lab\.example|joe@lab\.example)",
    R"(https://git\.example/lab/.*)",
    R"(https://git\.example/lab/.+)",
    R"(https://git\.example/lab/model/\.workflows/train\.yml@.*)",
    R"(\Qjane@lab.example\E)",
    R"(jane[.]doe@lab\.example)",
    R"(jane[^\].]doe@lab\.example)",
};
BOOST_DATA_TEST_CASE(a_narrow_expression_has_no_warning, data::make(kNarrow), expression) {
  BOOST_CHECK(WarningsOfOne(Listed(Expression(expression))).empty());
}

BOOST_AUTO_TEST_CASE(a_pattern_for_everybody_is_named) {
  for (const char* everybody : {".*", ".*@.*", "https://.*"})
    CheckOnly(WarningsOfOne(Listed(Expression(everybody))), kWhoever);
}

BOOST_AUTO_TEST_CASE(an_extension_excuses_it_only_if_it_names_somebody) {
  const auto with = [](const char* name, TextPattern value) {
    return WarningsOfOne(Listed(Expression(".*"), {{name, std::move(value)}}));
  };
  BOOST_CHECK(with("source-repository-uri", TextPattern::Exactly("https://git.example/l")).empty());
  BOOST_CHECK(with("build-config-uri", Expression(R"(https://git\.example/lab/.*)")).empty());
  CheckOnly(with("runner-environment", TextPattern::Exactly("github-hosted")), kWhoever);
  CheckOnly(with("source-repository-uri", Expression(".*")), kWhoever);
  CheckOnly(with("source-repository-owner-identifier", Expression(".*")), kWhoever);
  CheckOnly(with("source-repository-uri", Expression(R"(https://git\.example/lab.*)")), kDot);
}

BOOST_AUTO_TEST_CASE(a_subject_that_another_entry_takes_is_named) {
  const TrustedIdentity jane = Listed(TextPattern::Exactly("jane@lab.example"));
  const TrustedIdentity all = Listed(Expression(R"([^@]+@lab\.example)"));
  const auto warnings = WarningsOf({all, jane}, kNow);
  CheckOnly(warnings, "lab: jane@lab.example of https://accounts.example.org: lab: ");
  CheckOnly(warnings, "takes it too, and what two entries take is refused");

  TrustedIdentity elsewhere = all;
  elsewhere.identity.issuer = TextPattern::Exactly("https://other.example");
  BOOST_CHECK(WarningsOf({elsewhere, jane}, kNow).empty());
  const auto of = [](TextPattern subject, const char* repository) {
    return Listed(std::move(subject),
                  {{"source-repository-uri", TextPattern::Exactly(repository)}});
  };
  BOOST_CHECK(WarningsOf({of(all.identity.san, "https://a.example"),
                          of(jane.identity.san, "https://b.example")},
                         kNow)
                  .empty());
  CheckOnly(WarningsOf({of(all.identity.san, "https://a.example"),
                        of(jane.identity.san, "https://a.example")},
                       kNow),
            "takes it too");
}

BOOST_AUTO_TEST_CASE(one_that_is_not_in_force_yet_is_named) {
  TrustedIdentity later = Listed(TextPattern::Exactly("jane@lab.example"));
  later.dates.from = TimestampMs(1'798'761'600'000);  // date -ud 2027-01-01
  CheckOnly(WarningsOfOne(later), "not in force before 2027-01-01");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
