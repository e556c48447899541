#include <fmt/core.h>

#include <utility>
#include <variant>

#include "cli/command.h"
#include "cli/oms_text.h"
#include "cli/open_inputs.h"
#include "cli/open_trusted_root.h"
#include "cli/read_input.h"
#include "sigstore/oms_bundle.h"
#include "verifier/model_signing/sigstore.h"
#include "verifier/model_signing/verify.h"

namespace carnet::cli {
namespace {

namespace model_signing = verifier::model_signing;
using model_signing::Problem;
using model_signing::SignedPayload;

constexpr uint64_t kMaxTrustFileBytes = 1 << 20;

// Only what the caller gave: an error here says nothing about the model.
Result<model_signing::FileOptions> OmsFileOptions(const OmsOptions& options) {
  model_signing::FileOptions out;
  out.ignore_git = options.ignore_git_paths;
  out.allow_symlinks = options.allow_symlinks;
  out.allow_unsigned = options.ignore_unsigned_files;
  for (const std::string& given : options.ignore_paths) {
    CARNET_TRY(std::string path, pipeline::IgnoredPath(options.model, given));
    out.ignored.push_back(std::move(path));
  }
  if (options.signature != kStandard) {
    CARNET_TRY(out.signature, artifact::PathInModel(options.model, options.signature));
  }
  return out;
}

ExitCode Report(const pipeline::ModelVerdict& verdict, const std::string& checked_at,
                const OmsOptions& options, Terminal& terminal) {
  if (options.json) {
    terminal.Out(OmsVerdictJson(verdict, checked_at));
  } else {
    for (const std::string& warning : verdict.files.warnings) terminal.Warn(warning);
    terminal.Out(OmsVerdictText(verdict, checked_at, terminal));
  }
  return verdict.passed() ? ExitCode::kYes : ExitCode::kNo;
}

// `verify` is steps 1 and 2 of verifier/model_signing/verify.h, of the bundle and its text.
// `checked_at`: the time at which the signature is judged, unless it has a trusted one.
template <typename Verify>
ExitCode VerifyWith(const OmsOptions& options, const std::string& checked_at, Terminal& terminal,
                    const Verify& verify) {
  const auto files = OmsFileOptions(options);
  if (!files) return WrongInput(files.error(), terminal);
  // One byte more than the limit, so that the reader says that it is too large.
  const auto text = ReadInputPrefix(options.signature, sigstore::kMaxOmsBundleBytes + 1);
  if (!text) return terminal.CouldNotTell(text.error());
  const auto bundle = sigstore::ReadOmsBundle(*text);
  if (!bundle) {
    const Problem problem{model_signing::Reason::kMalformedBundle, bundle.error().message};
    return Report(pipeline::RefusedFor(problem), "", options, terminal);
  }
  const std::variant<SignedPayload, Problem> verified = verify(*bundle, *text);
  if (const auto* problem = std::get_if<Problem>(&verified)) {
    return Report(pipeline::RefusedFor(*problem), checked_at, options, terminal);
  }
  const artifact::OmsReadOptions read{.progress = terminal.Progress("oms verify")};
  const auto& payload = std::get<SignedPayload>(verified);
  const auto verdict = pipeline::VerifyModelFiles(payload, options.model, *files, read);
  terminal.EndProgress();
  if (!verdict) return terminal.Fail(verdict.error());
  return Report(*verdict, payload.checked_at.empty() ? checked_at : payload.checked_at, options,
                terminal);
}

Result<crypto::PublicKey> OpenPublicKey(const std::string& path, Terminal& terminal) {
  CARNET_TRY(const std::string pem, OpenFile(path, kMaxTrustFileBytes, terminal));
  auto key = crypto::PublicKey::ParsePem(pem);
  if (!key) return key.error().In(path);
  return key;
}

Result<std::vector<crypto::Certificate>> OpenAnchors(const OmsOptions& options,
                                                     Terminal& terminal) {
  std::vector<crypto::Certificate> anchors;
  for (const std::string& path : options.certificate_chains) {
    CARNET_TRY(const std::string pem, OpenFile(path, kMaxTrustFileBytes, terminal));
    auto certificates = crypto::Certificate::ParsePem(pem);
    if (!certificates) return certificates.error().In(path);
    for (crypto::Certificate& certificate : *certificates) {
      anchors.push_back(std::move(certificate));
    }
  }
  return anchors;
}

// At every trusted time of the signature, or now where there is none.
std::variant<SignedPayload, Problem> VerifyThen(
    const sigstore::OmsBundle& bundle, const std::vector<crypto::Certificate>& anchors,
    const std::optional<sigstore::TrustedMaterial>& trusted, TimestampMs now) {
  if (!trusted) return model_signing::VerifyByCertificate(bundle, anchors, now);
  const auto times = model_signing::TimesOf(bundle, trusted->timestamp_authorities, now);
  if (const auto* problem = std::get_if<Problem>(&times)) return *problem;
  std::variant<SignedPayload, Problem> verified = Problem{};
  std::string checked_at;
  for (const auto& time : std::get<0>(times)) {
    verified = model_signing::VerifyByCertificate(bundle, anchors, time.time);
    if (std::holds_alternative<Problem>(verified)) return verified;
    checked_at += fmt::format("{}{} ({})", checked_at.empty() ? "" : ", ",
                              FormatTimestamp(time.time), time.source);
  }
  if (checked_at.empty()) return model_signing::VerifyByCertificate(bundle, anchors, now);
  std::get<SignedPayload>(verified).checked_at = checked_at;
  return verified;
}

}  // namespace

ExitCode OmsVerifyKey(const OmsOptions& options, Terminal& terminal) {
  const auto key = OpenPublicKey(options.public_key, terminal);
  if (!key) return terminal.CouldNotTell(key.error());
  return VerifyWith(options, "", terminal, [&](const sigstore::OmsBundle& bundle, const auto&) {
    return model_signing::VerifyByKey(bundle, *key);
  });
}

ExitCode OmsVerifyCertificate(const OmsOptions& options, Terminal& terminal) {
  const auto anchors = OpenAnchors(options, terminal);
  if (!anchors) return terminal.CouldNotTell(anchors.error());
  std::optional<sigstore::TrustedMaterial> trusted;
  if (!options.trusted_root.empty()) {
    auto root = OpenTrustedMaterial(options.trusted_root);
    if (!root) return terminal.CouldNotTell(root.error());
    trusted = *std::move(root);
  }
  const TimestampMs now = terminal.Now();
  // Without a trusted time certificates have to be valid today.
  const std::string checked_at = FormatTimestamp(now) + " (now: the signature has no trusted time)";
  return VerifyWith(options, checked_at, terminal,
                    [&](const sigstore::OmsBundle& bundle, const auto&) {
                      return VerifyThen(bundle, *anchors, trusted, now);
                    });
}

ExitCode OmsVerifySigstore(const OmsOptions& options, Terminal& terminal) {
  if (options.trusted_root.empty()) {
    terminal.Note(
        fmt::format("trusted root: that of Sigstore's public instance, as of {}", kPublicRootDate));
  }
  const auto trusted = OpenTrustedMaterial(options.trusted_root);
  if (!trusted) return terminal.CouldNotTell(trusted.error());
  const sigstore::IdentityPattern wanted{sigstore::TextPattern::Exactly(options.identity_provider),
                                         sigstore::TextPattern::Exactly(options.identity)};
  return VerifyWith(
      options, "", terminal, [&](const sigstore::OmsBundle& bundle, const std::string& text) {
        return model_signing::VerifyBySigstore(bundle, text, *trusted, wanted, terminal.Now());
      });
}

}  // namespace carnet::cli
