#include "cli/service_signer.h"

#include <fmt/core.h>

#include <utility>

#include "cli/keyless_signer.h"
#include "cli/open_inputs.h"
#include "cli/open_services.h"
#include "cli/open_trusted_root.h"
#include "pipeline/certify.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMaxCertificateBytes = 64 << 10;

Result<crypto::Certificate> OpenCertificate(const std::string& path, Terminal& terminal) {
  CARNET_TRY(const std::string pem, OpenFile(path, kMaxCertificateBytes, terminal));
  auto certificates = crypto::Certificate::ParsePem(pem);
  if (!certificates) return certificates.error().In(path);
  return std::move(certificates->front());
}

Result<std::unique_ptr<signer::Signer>> OpenKeySigner(const ServiceOptions& options,
                                                      const std::string& key,
                                                      const sigstore::TrustedMaterial& trusted,
                                                      Terminal& terminal) {
  CARNET_TRY(auto signer, OpenSigner(key, terminal));
  if (options.certificate.empty()) return signer;
  CARNET_TRY(const auto certificate, OpenCertificate(options.certificate, terminal));
  auto certified = pipeline::Certify(std::move(signer), certificate, trusted, terminal.Now());
  return certified ? std::move(certified) : certified.error().In(options.certificate);
}

// A JWT where its file is meant, as cosign's users may give it: every other user of the machine can
// read a command's arguments, and so it is not repeated either.
bool IsTokenItself(const std::string& file) { return file.starts_with("eyJ"); }

constexpr char kTokenItself[] =
    "--identity-token takes the file that holds the token: on the command line others can read it";

}  // namespace

std::string WrongWithKey(const ServiceOptions& options) {
  if (!options.fulcio_url.empty()) return "--fulcio-url is for signing without --key";
  const bool stamped = !options.signing_config.empty() || !options.timestamp_url.empty();
  if (!options.certificate.empty() && !stamped) {
    return "a signature by certificate counts with a time stamp only: --timestamp-url or "
           "--signing-config";
  }
  if (options.trusted_root.empty() || options.AnyService()) return "";
  return "--trusted-root is about certificates and services, of which none is asked for";
}

std::string WrongWithoutKey(const ServiceOptions& options) {
  if (IsTokenItself(options.identity_token)) return kTokenItself;
  if (!options.certificate.empty()) return "--certificate needs the --key that it is for";
  if (!options.signing_config.empty()) return "";
  if (!options.fulcio_url.empty() && !options.timestamp_url.empty()) return "";
  return "without --key, say whom to ask: --signing-config, or --fulcio-url and --timestamp-url";
}

bool WantsTrust(const ServiceOptions& options, const std::string& key) {
  return key.empty() || options.AnyService() || !options.certificate.empty();
}

void SayWhichRoot(const ServiceOptions& options, Terminal& terminal) {
  if (!options.trusted_root.empty()) return;
  terminal.Note(
      fmt::format("trusted root: that of Sigstore's public instance, as of {}", kPublicRootDate));
}

Result<ServiceSigner> OpenServiceSigner(const ServiceOptions& options, const std::string& key,
                                        Terminal& terminal) {
  const auto keyless = key.empty() ? pipeline::Keyless::kYes : pipeline::Keyless::kNo;
  ServiceSigner out;
  CARNET_TRY(out.trusted, OpenTrustedMaterial(options.trusted_root));
  CARNET_TRY(const auto addresses, AddressesIn(options, keyless, terminal.Now()));
  CARNET_TRY(out.http, NewHttpClient());
  out.services = Asking(*out.http, addresses);
  if (keyless == pipeline::Keyless::kNo) {
    CARNET_TRY(out.signer, OpenKeySigner(options, key, out.trusted, terminal));
    return out;
  }
  CARNET_TRY(const auto token,
             OpenIdentityToken(options.identity_token, *out.http, terminal.Now()));
  CARNET_TRY(out.signer,
             NewKeylessSigner(token, addresses, out.trusted, *out.http, terminal.Now()));
  return out;
}

}  // namespace carnet::cli
