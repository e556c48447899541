#include "pipeline/check_trust.h"

#include <fmt/core.h>

#include <map>

#include "cli/command.h"
#include "cli/verified_text.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using pipeline::TrustReport;
using trust::TrustedIdentity;
using trust::TrustedKey;
using trust::TrustedLog;
using trust::TrustedSigner;

std::string DayText(const std::optional<TimestampMs>& time) {
  return time ? FormatTimestamp(*time).substr(0, 10) : "";
}

// "from 2026-01-01 until 2027-01-01", "tree sizes 3 to 500 of log.example"
std::string WindowText(const TrustedSigner& key) {
  std::string text;
  if (key.dates.from) text += " from " + DayText(key.dates.from);
  if (key.dates.until) text += " until " + DayText(key.dates.until);
  const std::map<std::string, trust::SizeWindow> sizes(key.sizes.begin(), key.sizes.end());
  for (const auto& [origin, window] : sizes) {
    text += fmt::format(", log {}: index {} to {}", Printable(origin), window.from.value_or(0),
                        window.until ? std::to_string(*window.until) : "any");
  }
  return text.empty() ? " always" : text;
}

std::string KindsText(const TrustedSigner& key) {
  std::string text;
  for (const schemas::Kind kind : key.kinds)
    text += (text.empty() ? "" : ", ") + std::string(schemas::KindName(kind));
  return text;
}

std::string LogText(const TrustedLog& log) {
  std::string text =
      fmt::format("log      {}, run by {}\n", Printable(log.origin),
                  log.operator_party.empty() ? "nobody named" : Printable(log.operator_party));
  for (const trust::TrustedLogKey& key : log.keys)
    text += "         id " + HexEncode(key.key.id().span()) + "\n";
  for (const merkle::Checkpoint& pin : log.pins)
    text += fmt::format("         pinned at size {}\n", pin.size.value());
  return text;
}

std::string SignerText(const TrustedSigner& signer, const std::string& who) {
  return fmt::format(
      "party    {}{}: {}\n         {}, in force{}\n", WholeText(signer.party),
      signer.name.empty() ? "" : " " + Quoted(signer.name, 4 * signer.name.size() + 1),
      KindsText(signer), who, WindowText(signer));
}

std::string AuthoritiesText(const trust::CertificateTrust& certificates) {
  std::string text;
  for (const sigstore::Authority& authority : certificates.authorities)
    text += fmt::format("ca       {}, {}\n", authority.name, authority.valid.ToString());
  for (const sigstore::LogKey& log : certificates.certificate_logs)
    text += fmt::format("ct log   {}, {}\n", Printable(log.base_url), log.valid.ToString());
  for (const sigstore::Authority& authority : certificates.timestamp_authorities)
    text += fmt::format("tsa      {}, {}\n", authority.name, authority.valid.ToString());
  return text;
}

std::string TrustReportText(const TrustReport& report) {
  std::string text;
  if (report.trust) {
    for (const TrustedKey& key : report.trust->keys())
      text += SignerText(key, key.signer().ToString());
    for (const TrustedIdentity& identity : report.trust->certificates().identities)
      text += SignerText(identity, identity.ToString());
    for (const TrustedLog& log : report.trust->logs()) text += LogText(log);
    text += AuthoritiesText(report.trust->certificates());
  }
  for (const pipeline::OwnPolicy& policy : report.policies)
    text += "policy   " + Printable(policy.id) + (policy.digest.empty() ? ": broken\n" : "\n");
  for (const std::string& warning : report.warnings) text += "warning  " + warning + "\n";
  for (const std::string& error : report.errors) text += "error    " + error + "\n";
  return text + (report.errors.empty() ? "loads    yes\n" : "loads    no\n");
}

void WriteStrings(std::string_view name, const std::vector<std::string>& texts,
                  json::Writer& writer) {
  writer.Key(name).BeginArray();
  for (const std::string& text : texts) writer.String(Printable(text, text.size()));
  writer.EndArray();
}

void WriteSizes(const trust::SizeWindow& window, json::Writer& writer) {
  if (window.from) writer.Member("from_size", *window.from);
  if (window.until) writer.Member("until_size", *window.until);
}

// The members that both kinds have, after those of one kind.
void WriteSigner(const TrustedSigner& key, json::Writer& writer) {
  if (!key.name.empty()) writer.Member("name", key.name);
  writer.Key("kinds").BeginArray();
  for (const schemas::Kind kind : key.kinds) writer.String(schemas::KindName(kind));
  writer.EndArray();
  if (key.dates.from) writer.Member("from", DayText(key.dates.from));
  if (key.dates.until) writer.Member("until", DayText(key.dates.until));
  writer.Key("sizes").BeginArray();
  const std::map<std::string, trust::SizeWindow> sizes(key.sizes.begin(), key.sizes.end());
  for (const auto& [origin, window] : sizes) {
    writer.BeginObject().Member("log", origin);
    WriteSizes(window, writer);
    writer.EndObject();
  }
  writer.EndArray().EndObject();
}

void WriteKey(const TrustedKey& key, json::Writer& writer) {
  writer.BeginObject().Member("party", key.party).Member("signer", key.signer().ToString());
  WriteSigner(key, writer);
}

void WriteIdentity(const TrustedIdentity& identity, json::Writer& writer) {
  writer.BeginObject().Member("party", identity.party);
  writer.Member("issuer", identity.identity.issuer.ToString());
  writer.Member("subject", identity.identity.san.ToString());
  writer.Key("extensions").BeginObject();
  for (const trust::RequiredExtension& wanted : identity.extensions)
    writer.Member(wanted.name, wanted.value.ToString());
  writer.EndObject();
  if (!identity.authority.empty()) writer.Member("authority", identity.authority);
  WriteSigner(identity, writer);
}

void WriteAuthorities(std::string_view name, const std::vector<sigstore::Authority>& authorities,
                      json::Writer& writer) {
  writer.Key(name).BeginArray();
  for (const sigstore::Authority& authority : authorities) writer.String(authority.name);
  writer.EndArray();
}

void WriteCertificateTrust(const trust::CertificateTrust& certificates, json::Writer& writer) {
  writer.Key("identities").BeginArray();
  for (const TrustedIdentity& identity : certificates.identities) WriteIdentity(identity, writer);
  writer.EndArray();
  WriteAuthorities("certificate_authorities", certificates.authorities, writer);
  WriteAuthorities("timestamp_authorities", certificates.timestamp_authorities, writer);
  writer.Key("certificate_logs").BeginArray();
  for (const sigstore::LogKey& log : certificates.certificate_logs) writer.String(log.base_url);
  writer.EndArray();
}

void WriteTrustedLog(const TrustedLog& log, json::Writer& writer) {
  writer.BeginObject().Member("origin", log.origin);
  if (!log.operator_party.empty()) writer.Member("operator", log.operator_party);
  writer.Key("keys").BeginArray();
  for (const trust::TrustedLogKey& key : log.keys) {
    writer.BeginObject().Member("id", HexEncode(key.key.id().span()));
    if (key.dates.from) writer.Member("from", FormatTimestamp(*key.dates.from));
    if (key.dates.until) writer.Member("until", FormatTimestamp(*key.dates.until));
    WriteSizes(key.sizes, writer);
    writer.EndObject();
  }
  writer.EndArray().Key("pins").BeginArray();
  for (const merkle::Checkpoint& pin : log.pins) writer.Unsigned(pin.size.value());
  writer.EndArray().EndObject();
}

std::string TrustReportJson(const TrustReport& report) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("loads", report.errors.empty()).Key("keys").BeginArray();
  if (report.trust) {
    for (const TrustedKey& key : report.trust->keys()) WriteKey(key, writer);
  }
  writer.EndArray();
  WriteCertificateTrust(report.trust ? report.trust->certificates() : trust::CertificateTrust(),
                        writer);
  writer.Key("logs").BeginArray();
  if (report.trust) {
    for (const TrustedLog& log : report.trust->logs()) WriteTrustedLog(log, writer);
  }
  writer.EndArray().Key("policies").BeginArray();
  for (const pipeline::OwnPolicy& policy : report.policies) {
    writer.BeginObject().Member("id", policy.id);
    if (!policy.digest.empty()) writer.Member("sha256", policy.digest);
    writer.EndObject();
  }
  writer.EndArray();
  WriteStrings("errors", report.errors, writer);
  WriteStrings("warnings", report.warnings, writer);
  return writer.EndObject().Take();
}

}  // namespace

ExitCode TrustCheck(const TrustOptions& options, Terminal& terminal) {
  const auto report = pipeline::CheckTrust(options.trust, terminal.Now());
  if (!report) return terminal.CouldNotTell(report.error());
  terminal.Out(options.json ? TrustReportJson(*report) : TrustReportText(*report));
  return report->errors.empty() ? ExitCode::kYes : ExitCode::kNo;
}

}  // namespace carnet::cli
