#include "trust/listed_identity.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "core/closest.h"
#include "core/utf8.h"
#include "sigstore/fulcio_extensions.h"

namespace carnet::trust {
namespace {

using sigstore::TextPattern;

Result<TextPattern> ReadExpression(const TomlTable& table, std::string_view key,
                                   std::string_view expression) {
  auto pattern = TextPattern::Regexp(expression);
  if (!pattern) return table.Refuse(key, pattern.error().message);
  return pattern;
}

Result<TextPattern> ReadSubject(const TomlTable& table) {
  if (table.Has("subject") == table.Has("subject_regexp")) {
    return table.Refuse("subject", "expected one of subject and subject_regexp");
  }
  if (table.Has("subject")) {
    CARNET_TRY(std::string text, table.Text("subject"));
    return TextPattern::Exactly(std::move(text));
  }
  CARNET_TRY(const std::string expression, table.Text("subject_regexp"));
  return ReadExpression(table, "subject_regexp", expression);
}

bool IsRequired(const std::vector<RequiredExtension>& extensions, std::string_view name) {
  for (const RequiredExtension& each : extensions) {
    if (each.name == name) return true;
  }
  return false;
}

enum class ValueIs { kText, kExpression };

Result<> ReadExtensions(const TomlTable& identity, std::string_view key, ValueIs value_is,
                        std::vector<RequiredExtension>& to) {
  if (!identity.Has(key)) return Ok();
  CARNET_TRY(const TomlTable table, identity.Table(key));
  for (const std::string& name : table.Keys()) {
    if (!sigstore::IsFulcioExtension(name)) {
      return table.Refuse(name, fmt::format("no such extension{}",
                                            DidYouMean(name, sigstore::FulcioExtensionNames())));
    }
    if (IsRequired(to, name)) return table.Refuse(name, "appears more than once");
    CARNET_TRY(std::string value, table.Text(name));
    if (value_is == ValueIs::kText) {
      to.push_back({name, TextPattern::Exactly(std::move(value))});
      continue;
    }
    CARNET_TRY(TextPattern pattern, ReadExpression(table, name, value));
    to.push_back({name, std::move(pattern)});
  }
  return Ok();
}

// A text in which a space or slash could pass for a part of the sentence around it is quoted.
std::string Shown(const TextPattern& pattern) {
  const std::string text = pattern.ToString();
  const size_t whole = 4 * text.size() + 1;  // \xNN is the longest that a byte becomes
  const bool plain = pattern.is_expression() || (!text.starts_with('/') && !text.starts_with('"') &&
                                                 text.find(' ') == std::string::npos);
  return plain ? Printable(text, whole) : Quoted(text, whole);
}

}  // namespace

Result<> CheckIdentityKeys(const TomlTable& table) {
  return table.OnlyKeys({"issuer", "subject", "subject_regexp", "authority", "extensions",
                         "extensions_regexp", "name", "kinds", "from", "until", "sizes"});
}

Result<TrustedIdentity> ReadListedIdentity(const TomlTable& table, TrustedSigner signer) {
  CARNET_TRY(std::string issuer, table.Text("issuer"));
  CARNET_TRY(TextPattern subject, ReadSubject(table));
  std::string authority;
  if (table.Has("authority")) {
    CARNET_TRY(authority, table.Text("authority"));
  }
  std::vector<RequiredExtension> extensions;
  CARNET_TRY_VOID(ReadExtensions(table, "extensions", ValueIs::kText, extensions));
  CARNET_TRY_VOID(ReadExtensions(table, "extensions_regexp", ValueIs::kExpression, extensions));
  return TrustedIdentity({TextPattern::Exactly(std::move(issuer)), std::move(subject)},
                         std::move(extensions), std::move(signer), std::move(authority));
}

bool TrustedIdentity::Matches(const sigstore::SignerCertificate& certificate) const {
  if (!identity.issuer.Matches(certificate.identity.issuer)) return false;
  if (!identity.san.Matches(certificate.identity.san)) return false;
  for (const RequiredExtension& wanted : extensions) {
    const auto value = sigstore::FulcioExtension(certificate.certificate, wanted.name);
    if (!value || !*value || !wanted.value.Matches(**value)) return false;
  }
  return true;
}

TrustedIdentity::Demands TrustedIdentity::AllDemands() const {
  std::map<std::string, TextPattern> wanted;
  for (const RequiredExtension& each : extensions) wanted.emplace(each.name, each.value);
  return {identity.issuer, identity.san, std::move(wanted)};
}

std::string TrustedIdentity::ToString() const {
  std::string text = fmt::format("{} of {}", Shown(identity.san), Shown(identity.issuer));
  for (const RequiredExtension& wanted : extensions) {
    text += fmt::format(", {} {}", wanted.name, Shown(wanted.value));
  }
  if (!authority.empty()) text += ", issued by " + Quoted(authority, 4 * authority.size() + 1);
  return text;
}

}  // namespace carnet::trust
