#include <fmt/core.h>

#include "cli/check_blob.h"
#include "cli/command.h"
#include "cli/open_trusted_root.h"
#include "cli/verified_text.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using sigstore::CertificateIdentity;
using sigstore::IdentityPattern;
using sigstore::TextPattern;
using verifier::bundle::BundleRejection;
using verifier::bundle::BundleVerdict;
using verifier::bundle::VerifiedBundle;

// Predicate types that cosign's users name by a word (cosign, options/predicate.go).
struct NamedType {
  std::string_view name;
  std::string_view uri;
};
constexpr NamedType kNamedTypes[] = {
    {"custom", "https://cosign.sigstore.dev/attestation/v1"},
    {"slsaprovenance", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance02", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance1", "https://slsa.dev/provenance/v1"},
    {"link", "https://in-toto.io/Link/v1"},
    {"spdx", "https://spdx.dev/Document"},
    {"spdxjson", "https://spdx.dev/Document"},
    {"cyclonedx", "https://cyclonedx.org/bom"},
    {"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    {"openvex", "https://openvex.dev/ns"},
};

std::string PredicateTypeOf(const std::string& given) {
  for (const NamedType& named : kNamedTypes) {
    if (given == named.name) return std::string(named.uri);
  }
  return given;
}

Result<TextPattern> PatternOf(const std::string& exactly, const std::string& regexp,
                              const char* option) {
  if (!exactly.empty()) return TextPattern::Exactly(exactly);
  auto pattern = TextPattern::Regexp(regexp);
  return pattern ? std::move(pattern) : pattern.error().In(option);
}

Result<BlobQuestion> QuestionOf(const VerifyBlobOptions& options) {
  BlobQuestion question{
      options.bundle, options.artifact, options.key, {}, options.trusted_root, {}};
  question.demands.content = options.attestation ? verifier::bundle::ContentIs::kAttestation
                                                 : verifier::bundle::ContentIs::kMessage;
  question.demands.log_entry = !options.ignore_log;
  question.demands.certificate_timestamp = !options.ignore_sct;
  if (!options.type.empty()) question.demands.predicate_type = PredicateTypeOf(options.type);
  if (!options.key.empty()) return question;
  CARNET_TRY(auto issuer,
             PatternOf(options.issuer, options.issuer_regexp, "--certificate-oidc-issuer-regexp"));
  CARNET_TRY(auto identity,
             PatternOf(options.identity, options.identity_regexp, "--certificate-identity-regexp"));
  question.identity = IdentityPattern{std::move(issuer), std::move(identity)};
  return question;
}

// What was not checked is never left out: a demand that was waived, and what strangers say.
std::vector<std::string> NotChecked(const VerifiedBundle& verified,
                                    const VerifyBlobOptions& options) {
  std::vector<std::string> out = verified.not_checked;
  if (verified.positions.empty()) out.push_back("whether it was logged");
  const bool certified = std::holds_alternative<CertificateIdentity>(verified.signer);
  if (certified && options.ignore_sct) out.push_back("whether the certificate was logged (SCT)");
  if (verified.times.empty()) out.push_back("when it was signed: nobody who is trusted says");
  return out;
}

std::string VerdictJson(const BundleVerdict& verdict, const VerifyBlobOptions& options) {
  json::Writer writer(json::Layout::kIndented);
  const auto* no = std::get_if<BundleRejection>(&verdict);
  writer.BeginObject().Member("verified", no == nullptr);
  if (no != nullptr) {
    writer.Member("reason", verifier::bundle::ReasonName(no->reason));
    writer.Member("message", WholeText(no->message));
  } else {
    const auto& verified = std::get<VerifiedBundle>(verdict);
    WriteVerified(verified, writer);
    writer.Key("not_checked").BeginArray();
    for (const auto& what : NotChecked(verified, options)) writer.String(what);
    writer.EndArray();
  }
  return writer.EndObject().Take();
}

std::string VerdictText(const BundleVerdict& verdict, const VerifyBlobOptions& options) {
  if (const auto* no = std::get_if<BundleRejection>(&verdict)) {
    return fmt::format("not verified\n{:<12}{}\n{:<12}{}\n", "reason",
                       verifier::bundle::ReasonName(no->reason), "because", WholeText(no->message));
  }
  const auto& verified = std::get<VerifiedBundle>(verdict);
  std::string text = "verified\n" + VerifiedRows(verified);
  for (const auto& what : NotChecked(verified, options)) text += ResultRow("not checked", what);
  return text;
}

std::string WrongOptions(const VerifyBlobOptions& options) {
  const bool identity = !options.identity.empty() || !options.identity_regexp.empty();
  const bool issuer = !options.issuer.empty() || !options.issuer_regexp.empty();
  if (!options.key.empty() && (identity || issuer)) {
    return "--key and --certificate-identity are two ways to say who must have signed";
  }
  if (!options.key.empty())
    return options.ignore_sct ? "--insecure-ignore-sct is about a certificate, not --key" : "";
  if (identity && issuer) return "";
  return "say who must have signed: --key, or --certificate-identity and --certificate-oidc-issuer";
}

}  // namespace

ExitCode VerifyBlob(const VerifyBlobOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongOptions(options); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  const auto question = QuestionOf(options);
  if (!question) return terminal.WrongUsage(question.error().message);
  if (options.trusted_root.empty()) {
    terminal.Note(
        fmt::format("trusted root: that of Sigstore's public instance, as of {}", kPublicRootDate));
  }
  const auto verdict = CheckBlob(*question, terminal.Now());
  if (!verdict) return terminal.CouldNotTell(verdict.error());
  terminal.Out(options.json ? VerdictJson(*verdict, options) : VerdictText(*verdict, options));
  return std::holds_alternative<VerifiedBundle>(*verdict) ? ExitCode::kYes : ExitCode::kNo;
}

}  // namespace carnet::cli
