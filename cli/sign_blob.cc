#include <fmt/core.h>

#include "cli/command.h"
#include "cli/digest_file.h"
#include "cli/keyless_signer.h"
#include "cli/open_inputs.h"
#include "cli/open_services.h"
#include "cli/open_trusted_root.h"
#include "cli/read_input.h"
#include "cli/verified_text.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/certify.h"
#include "pipeline/sign_bundle.h"

namespace carnet::cli {
namespace {

using pipeline::Keyless;
using pipeline::SignedBundle;

constexpr uint64_t kMaxCertificateBytes = 64 << 10;

Keyless KeylessOf(const SignBlobOptions& options) {
  return options.key.empty() ? Keyless::kYes : Keyless::kNo;
}

bool WantsTrust(const SignBlobOptions& options) {
  return options.services.Any() || !options.certificate.empty() ||
         KeylessOf(options) == Keyless::kYes;
}

std::string WrongWithKey(const SignBlobOptions& options) {
  if (!options.identity_token.empty()) return "--key and --identity-token are two ways to sign";
  if (!options.services.fulcio_url.empty()) return "--fulcio-url is for signing without --key";
  const bool stamped =
      !options.services.signing_config.empty() || !options.services.timestamp_url.empty();
  if (!options.certificate.empty() && !stamped) {
    return "a signature by certificate counts with a time stamp only: --timestamp-url or "
           "--signing-config";
  }
  if (!options.trusted_root.empty() && !WantsTrust(options)) {
    return "--trusted-root is about certificates and services, of which none is asked for";
  }
  return "";
}

std::string WrongWithoutKey(const SignBlobOptions& options) {
  if (!options.certificate.empty()) return "--certificate needs the --key that it is for";
  const ServiceOptions& services = options.services;
  if (!services.signing_config.empty()) return "";
  if (!services.fulcio_url.empty() && !services.timestamp_url.empty()) return "";
  return "without --key, say whom to ask: --signing-config, or --fulcio-url and --timestamp-url";
}

std::string WrongSigning(const SignBlobOptions& options) {
  if (options.bundle == kStandard && options.json) {
    return "--bundle - and --json are two documents";
  }
  return options.key.empty() ? WrongWithoutKey(options) : WrongWithKey(options);
}

Result<crypto::Certificate> OpenCertificate(const std::string& path, Terminal& terminal) {
  CARNET_TRY(const std::string pem, OpenFile(path, kMaxCertificateBytes, terminal));
  auto certificates = crypto::Certificate::ParsePem(pem);
  if (!certificates) return certificates.error().In(path);
  return std::move(certificates->front());
}

Result<std::unique_ptr<signer::Signer>> OpenKeySigner(const SignBlobOptions& options,
                                                      const sigstore::TrustedMaterial& trusted,
                                                      Terminal& terminal) {
  CARNET_TRY(auto signer, OpenSigner(options.key, terminal));
  if (options.certificate.empty()) return signer;
  CARNET_TRY(const auto certificate, OpenCertificate(options.certificate, terminal));
  auto certified = pipeline::Certify(std::move(signer), certificate, trusted, terminal.Now());
  return certified ? std::move(certified) : certified.error().In(options.certificate);
}

Result<std::unique_ptr<signer::Signer>> AskForSigner(const SignBlobOptions& options,
                                                     const pipeline::ServiceAddresses& addresses,
                                                     const sigstore::TrustedMaterial& trusted,
                                                     const remote::HttpClient& http,
                                                     Terminal& terminal) {
  CARNET_TRY(const auto token, OpenIdentityToken(options.identity_token, http, terminal.Now()));
  return NewKeylessSigner(token, addresses, trusted, http, terminal.Now());
}

Result<SignedBundle> SignWithServices(const SignBlobOptions& options,
                                      const pipeline::BundleContent& content, Terminal& terminal) {
  CARNET_TRY(const auto trusted, OpenTrustedMaterial(options.trusted_root));
  CARNET_TRY(const auto addresses,
             AddressesIn(options.services, KeylessOf(options), terminal.Now()));
  CARNET_TRY(const auto http, NewHttpClient());
  CARNET_TRY(const auto signer, KeylessOf(options) == Keyless::kYes
                                    ? AskForSigner(options, addresses, trusted, *http, terminal)
                                    : OpenKeySigner(options, trusted, terminal));
  return pipeline::SignBundle(content, *signer, Asking(*http, addresses), trusted,
                              [&terminal] { return terminal.Now(); });
}

struct Made {
  std::string digest;  // hex
  SignedBundle bundle;
};

// Before a password is asked for or a service sees anything, what can go wrong here has.
Result<Made> Make(const SignBlobOptions& options, Terminal& terminal) {
  CARNET_TRY_VOID(CheckOutput(options.bundle, options.force));
  CARNET_TRY(const auto digests, DigestFile(options.artifact, {crypto::HashAlgorithm::kSha256}));
  const auto digest = Sha256Digest::FromSpan(digests.front().digest);
  CARNET_CHECK(digest.has_value());
  const pipeline::BundleContent content = pipeline::ArtifactToSign{*digest};
  if (WantsTrust(options)) {
    CARNET_TRY(auto bundle, SignWithServices(options, content, terminal));
    return Made{HexEncode(digest->span()), std::move(bundle)};
  }
  CARNET_TRY(const auto signer, OpenSigner(options.key, terminal));
  CARNET_TRY(auto bundle, pipeline::SignBundle(content, *signer, {}, {},
                                               [&terminal] { return terminal.Now(); }));
  return Made{HexEncode(digest->span()), std::move(bundle)};
}

std::string SignedText(const Made& made) {
  return "signed\n" + ResultRow("artifact", "sha256:" + made.digest) +
         VerifiedRows(made.bundle.verified);
}

std::string SignedJson(const Made& made, const std::string& path) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("bundle", WholeText(path));
  writer.Member("artifact", "sha256:" + made.digest);
  WriteVerified(made.bundle.verified, writer);
  return writer.EndObject().Take();
}

}  // namespace

ExitCode SignBlob(const SignBlobOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongSigning(options); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  if (options.trusted_root.empty() && WantsTrust(options)) {
    terminal.Note(
        fmt::format("trusted root: that of Sigstore's public instance, as of {}", kPublicRootDate));
  }
  const auto made = Make(options, terminal);
  if (!made) return terminal.CouldNotTell(made.error());
  const auto written = WriteOrPrint(options.bundle, made->bundle.json, options.force, terminal);
  if (!written) return terminal.CouldNotTell(written.error());
  if (IsStandardOutput(options.bundle)) return ExitCode::kYes;
  terminal.Out(options.json ? SignedJson(*made, options.bundle) : SignedText(*made));
  terminal.Note("wrote " + options.bundle);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
