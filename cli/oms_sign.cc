#include <fmt/core.h>

#include "cli/command.h"
#include "cli/oms_text.h"
#include "cli/open_inputs.h"
#include "cli/service_signer.h"
#include "cli/write_output.h"
#include "pipeline/sign_bundle.h"
#include "signer/file_key.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMaxCertificateFileBytes = 1 << 20;

artifact::OmsMethod MethodOf(const OmsOptions& options) {
  return {options.hash == "blake2b" ? artifact::OmsHash::kBlake2b : artifact::OmsHash::kSha256,
          options.shard_size};
}

Result<artifact::OmsScope> OmsScopeOf(const OmsOptions& options) {
  artifact::OmsScope scope;
  scope.ignore_git = options.ignore_git_paths;
  scope.links = options.allow_symlinks ? artifact::Links::kFollow : artifact::Links::kRefuse;
  for (const std::string& given : options.ignore_paths) {
    CARNET_TRY(std::string path, pipeline::IgnoredPath(options.model, given));
    scope.ignored.push_back(std::move(path));
  }
  return scope;
}

Result<crypto::EcPrivateKey> OpenPrivateKey(const OmsOptions& options, Terminal& terminal) {
  WarnIfExposed(options.private_key, terminal);
  auto key = signer::OpenEcKey(options.private_key, terminal.KeyPassword());
  if (key) return key;
  return HintedKeyError(key.error(), options.private_key, kPasswordVariable, terminal);
}

Result<> AddCertificates(const std::string& path, std::vector<crypto::Certificate>& chain,
                         Terminal& terminal) {
  CARNET_TRY(const std::string pem, OpenFile(path, kMaxCertificateFileBytes, terminal));
  auto certificates = crypto::Certificate::ParsePem(pem);
  if (!certificates) return certificates.error().In(path);
  for (crypto::Certificate& certificate : *certificates) chain.push_back(std::move(certificate));
  return Ok();
}

struct Prepared {
  crypto::EcPrivateKey key;
  pipeline::SignModelRequest request;
};

// Whatever goes wrong here is not the model's fault.
Result<Prepared> PrepareToSign(const OmsOptions& options, const artifact::OmsScope& scope,
                               Terminal& terminal) {
  CARNET_TRY_VOID(CheckOutput(options.signature, options.force));
  CARNET_TRY(crypto::EcPrivateKey key, OpenPrivateKey(options, terminal));
  pipeline::SignModelRequest request{
      .model = options.model, .scope = scope, .method = MethodOf(options)};
  CARNET_TRY(request.signature, artifact::PathInModel(options.model, options.signature));
  if (!options.signing_certificate.empty()) {
    CARNET_TRY_VOID(AddCertificates(options.signing_certificate, request.chain, terminal));
    for (const std::string& path : options.certificate_chains) {
      CARNET_TRY_VOID(AddCertificates(path, request.chain, terminal));
    }
  }
  return Prepared{std::move(key), std::move(request)};
}

ExitCode WriteSigned(const pipeline::SignedModel& model, const OmsOptions& options,
                     Terminal& terminal) {
  const auto written =
      WriteOutputInModel(options.model, options.signature, model.bundle, options.force);
  if (!written) return terminal.CouldNotTell(written.error());
  for (const std::string& warning : model.warnings) terminal.Warn(warning);
  terminal.Out(options.json ? OmsSignedJson(model, options.signature) : OmsSignedText(model));
  terminal.Note("wrote " + options.signature);
  return ExitCode::kYes;
}

ExitCode SignByOms(const OmsOptions& options, Terminal& terminal) {
  const auto scope = OmsScopeOf(options);
  if (!scope) return WrongInput(scope.error(), terminal);
  const auto prepared = PrepareToSign(options, *scope, terminal);
  if (!prepared) return terminal.CouldNotTell(prepared.error());
  const artifact::OmsReadOptions read{.progress = terminal.Progress("oms sign")};
  const auto signed_model =
      pipeline::SignModel(prepared->request, prepared->key, terminal.Now(), read);
  terminal.EndProgress();
  if (!signed_model) return terminal.Fail(signed_model.error());
  return WriteSigned(*signed_model, options, terminal);
}

// Verified as a whole before anybody has it.
Result<std::string> SignBySigstore(const std::string& statement, const OmsOptions& options,
                                   Terminal& terminal) {
  CARNET_TRY(const auto with, OpenServiceSigner(options.services, "", terminal));
  CARNET_TRY(auto made, pipeline::SignBundle(pipeline::StatementToSign{ToBytes(AsBytes(statement))},
                                             *with.signer, with.services, with.trusted,
                                             [&terminal] { return terminal.Now(); }));
  CARNET_TRY_VOID(pipeline::CheckModelSignature(made.json));
  return std::move(made.json);
}

}  // namespace

ExitCode OmsSignKey(const OmsOptions& options, Terminal& terminal) {
  return SignByOms(options, terminal);
}

ExitCode OmsSignCertificate(const OmsOptions& options, Terminal& terminal) {
  return SignByOms(options, terminal);
}

ExitCode OmsSignSigstore(const OmsOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongWithoutKey(options.services); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  if (options.services.signing_config.empty() && options.services.rekor_url.empty()) {
    return terminal.WrongUsage(
        "a signature by Sigstore is logged: --signing-config or --rekor-url");
  }
  SayWhichRoot(options.services, terminal);
  const auto scope = OmsScopeOf(options);
  if (!scope) return WrongInput(scope.error(), terminal);
  const auto free = CheckOutput(options.signature, options.force);
  if (!free) return terminal.CouldNotTell(free.error());
  const auto signature = artifact::PathInModel(options.model, options.signature);
  if (!signature) return terminal.CouldNotTell(signature.error());
  const pipeline::SignModelRequest request{.model = options.model,
                                           .scope = *scope,
                                           .method = MethodOf(options),
                                           .signature = *signature};
  const artifact::OmsReadOptions read{.progress = terminal.Progress("oms sign")};
  auto prepared = pipeline::PrepareModel(request, read);
  terminal.EndProgress();
  if (!prepared) return terminal.Fail(prepared.error());
  auto bundle = SignBySigstore(prepared->statement, options, terminal);
  if (!bundle) return terminal.CouldNotTell(bundle.error());
  prepared->model.bundle = *std::move(bundle);
  return WriteSigned(prepared->model, options, terminal);
}

ExitCode OmsDigest(const OmsOptions& options, Terminal& terminal) {
  const auto scope = OmsScopeOf(options);
  if (!scope) return WrongInput(scope.error(), terminal);
  const artifact::OmsReadOptions read{.progress = terminal.Progress("oms digest")};
  const auto model = artifact::ReadOmsModel(options.model, *scope, MethodOf(options), read);
  terminal.EndProgress();
  if (!model) return terminal.Fail(model.error());
  terminal.Out(options.json ? OmsDigestJson(*model) : OmsDigestText(*model));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
