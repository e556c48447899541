#include "cli/open_services.h"

#include <cstdlib>
#include <thread>

#include "core/file.h"
#include "crypto/random.h"
#include "remote/ambient_token.h"

namespace carnet::cli {
namespace {

constexpr uint64_t kMaxSigningConfigBytes = 1 << 20;

Result<pipeline::ServiceAddresses> AddressesOfConfig(const std::string& path,
                                                     pipeline::Keyless keyless, TimestampMs now) {
  CARNET_TRY(const std::string text, ReadFile(path, kMaxSigningConfigBytes));
  const auto config = sigstore::ReadSigningConfig(text);
  if (!config) return config.error().In(path);
  auto addresses = pipeline::ServicesIn(*config, keyless, now);
  return addresses ? std::move(addresses) : addresses.error().In(path);
}

Result<remote::Url> UrlOf(const std::string& text, const char* option) {
  auto url = remote::Url::Parse(text);
  return url ? std::move(url) : url.error().In(option);
}

std::optional<std::string> SetVariable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

Result<pipeline::ServiceAddresses> AddressesIn(const ServiceOptions& options,
                                               pipeline::Keyless keyless, TimestampMs now) {
  if (!options.signing_config.empty()) {
    return AddressesOfConfig(options.signing_config, keyless, now);
  }
  pipeline::ServiceAddresses out;
  if (!options.fulcio_url.empty()) {
    CARNET_TRY(out.certificate_authority, UrlOf(options.fulcio_url, "--fulcio-url"));
  }
  if (!options.timestamp_url.empty()) {
    CARNET_TRY(auto url, UrlOf(options.timestamp_url, "--timestamp-url"));
    out.timestamp_authorities.push_back(std::move(url));
  }
  if (!options.rekor_url.empty()) {
    CARNET_TRY(auto url, UrlOf(options.rekor_url, "--rekor-url"));
    out.logs.push_back(std::move(url));
  }
  return out;
}

Result<std::unique_ptr<remote::HttpClient>> NewHttpClient() {
  remote::HttpLimits limits;
  limits.answer_bytes = remote::kMaxLogAnswerBytes;
  return remote::HttpClient::Create(
      limits, [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); });
}

Result<remote::IdentityToken> OpenIdentityToken(const std::string& file,
                                                const remote::HttpClient& http, TimestampMs now) {
  if (!file.empty()) {
    CARNET_TRY(const std::string text, ReadFile(file, remote::kMaxIdentityTokenBytes + 1));
    auto token = remote::IdentityToken::Parse(text, now);
    return token ? std::move(token) : token.error().In(file);
  }
  CARNET_TRY(const auto found, remote::FindAmbientToken(&SetVariable, http));
  if (found) return remote::IdentityToken::Parse(*found, now);
  return NotFound(
      "neither key nor identity token: give --key or --identity-token, or set SIGSTORE_ID_TOKEN");
}

pipeline::SigningServices Asking(const remote::HttpClient& http,
                                 const pipeline::ServiceAddresses& addresses) {
  return pipeline::ServicesOver(http, addresses, [] {
    std::array<uint8_t, 8> nonce{};
    crypto::FillRandom(nonce);
    return nonce;
  });
}

}  // namespace carnet::cli
