#include "pipeline/identity_warnings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace carnet::pipeline {
namespace {

using sigstore::TextPattern;
using trust::RequiredExtension;
using trust::TrustedIdentity;

// Nobody's names.
constexpr std::array<std::string_view, 3> kStrangers = {"stranger@example.invalid",
                                                        "https://example.invalid/stranger/x", "0"};

// Extensions whose value is somebody's own; the others are alike for many.
constexpr std::array<std::string_view, 6> kNaming = {"build-signer-uri",
                                                     "source-repository-uri",
                                                     "source-repository-identifier",
                                                     "source-repository-owner-uri",
                                                     "source-repository-owner-identifier",
                                                     "build-config-uri"};

bool TakesStrangers(const TextPattern& pattern) {
  return std::any_of(kStrangers.begin(), kStrangers.end(),
                     [&](std::string_view stranger) { return pattern.Matches(stranger); });
}

bool NamesSomebody(const RequiredExtension& wanted) {
  return std::find(kNaming.begin(), kNaming.end(), wanted.name) != kNaming.end() &&
         !TakesStrangers(wanted.value);
}

// After the class that begins at `at`, in which a first `]` is a character like others.
size_t AfterClass(std::string_view expression, size_t at) {
  ++at;
  if (at < expression.size() && expression[at] == '^') ++at;
  if (at < expression.size() && expression[at] == ']') ++at;
  while (at < expression.size() && expression[at] != ']') at += expression[at] == '\\' ? 2U : 1U;
  return at + 1;
}

size_t AfterEscape(std::string_view expression, size_t at) {
  if (!expression.substr(at).starts_with("\\Q")) return at + 2;
  const size_t end = expression.find("\\E", at);
  return end == std::string_view::npos ? expression.size() : end + 2;
}

// `.*` or `.+` at the end, below somebody's part of a host: `https://git\.example/lab/.*`,
// `…/train\.yml@.*`.
bool EndsAnAddress(std::string_view expression, size_t dot) {
  const std::string_view rest = expression.substr(dot);
  const std::string_view before = expression.substr(0, dot);
  if ((rest != ".*" && rest != ".+") || before.empty()) return false;
  const size_t host = before.find("://");
  if (host == std::string_view::npos || (before.back() != '/' && before.back() != '@'))
    return false;
  const size_t path = before.find('/', host + 3);
  return path != std::string_view::npos && path + 1 < before.size();
}

bool IsWide(const TextPattern& pattern) {
  return pattern.is_expression() && HasWideDot(pattern.text());
}

// Whether no certificate is of both, as far as exact extensions tell.
bool AreApart(const TrustedIdentity& one, const TrustedIdentity& other) {
  for (const RequiredExtension& a : one.extensions) {
    for (const RequiredExtension& b : other.extensions) {
      if (a.name != b.name) continue;
      if (!a.value.is_expression() && !b.value.Matches(a.value.text())) return true;
      if (!b.value.is_expression() && !a.value.Matches(b.value.text())) return true;
    }
  }
  return false;
}

// An exact subject that another entry takes too.
bool IsTakenBy(const TrustedIdentity& one, const TrustedIdentity& other) {
  return &one != &other && one.identity.issuer == other.identity.issuer &&
         !one.identity.san.is_expression() && other.identity.san.Matches(one.identity.san.text()) &&
         !AreApart(one, other);
}

std::string ListedAs(const TrustedIdentity& identity) {
  return Printable(identity.party) + ": " + identity.ToString();
}

void WarnOfPatterns(const TrustedIdentity& identity, std::vector<std::string>& warnings) {
  const bool named =
      std::any_of(identity.extensions.begin(), identity.extensions.end(), &NamesSomebody);
  if (TakesStrangers(identity.identity.san) && !named) {
    warnings.push_back(ListedAs(identity) +
                       ": its pattern takes whoever the issuer vouches for, and all of them are " +
                       Printable(identity.party));
    return;
  }
  const bool wide =
      (IsWide(identity.identity.san) && !named) ||
      std::any_of(identity.extensions.begin(), identity.extensions.end(),
                  [](const RequiredExtension& wanted) { return IsWide(wanted.value); });
  if (wide) {
    warnings.push_back(
        ListedAs(identity) +
        R"(: a bare dot takes any character, "@" and "/" too, so that strangers may )"
        R"(have names that match; [^@/] does not, and \. is a dot)");
  }
}

}  // namespace

bool HasWideDot(std::string_view expression) {
  for (size_t at = 0; at < expression.size();) {
    if (expression[at] == '\\') {
      at = AfterEscape(expression, at);
    } else if (expression[at] == '[') {
      at = AfterClass(expression, at);
    } else if (expression[at] == '.' && !EndsAnAddress(expression, at)) {
      return true;
    } else {
      ++at;
    }
  }
  return false;
}

std::vector<std::string> WarningsOf(const std::vector<TrustedIdentity>& identities,
                                    TimestampMs now) {
  std::vector<std::string> warnings;
  for (const TrustedIdentity& identity : identities) {
    WarnOfPatterns(identity, warnings);
    if (identity.dates.from && now < *identity.dates.from) {
      warnings.push_back(fmt::format("{}: not in force before {}", ListedAs(identity),
                                     FormatTimestamp(*identity.dates.from).substr(0, 10)));
    }
    const auto other =
        std::find_if(identities.begin(), identities.end(),
                     [&](const TrustedIdentity& each) { return IsTakenBy(identity, each); });
    if (other != identities.end()) {
      warnings.push_back(fmt::format("{}: {} takes it too, and what two entries take is refused",
                                     ListedAs(identity), ListedAs(*other)));
    }
  }
  return warnings;
}

}  // namespace carnet::pipeline
