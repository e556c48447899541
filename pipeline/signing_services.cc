#include "pipeline/signing_services.h"

#include <span>
#include <utility>

#include "remote/fulcio_client.h"
#include "remote/timestamp_client.h"

namespace carnet::pipeline {
namespace {

using sigstore::Selector;
using sigstore::Service;
using sigstore::ServiceChoice;

// The major versions that remote/ speaks. Fulcio's is 1 although its path has v2: that is how
// Sigstore's configurations number it.
constexpr uint64_t kAuthorityVersions[] = {1};
constexpr uint64_t kTimestampVersions[] = {1};
constexpr uint64_t kLogVersions[] = {2};

Result<std::vector<remote::Url>> Select(std::span<const Service> services,
                                        const ServiceChoice& choice,
                                        std::span<const uint64_t> versions, TimestampMs now,
                                        const char* member) {
  std::vector<remote::Url> addresses;
  const auto chosen = sigstore::SelectServices(services, choice, versions, now);
  if (!chosen) return chosen.error().In(member);
  for (const Service& service : *chosen) {
    auto address = remote::Url::Parse(service.url);
    if (!address) return address.error().In(member);
    addresses.push_back(*std::move(address));
  }
  return addresses;
}

// A choice without services asks for none, as cosign writes a configuration for no service at all.
Result<std::vector<remote::Url>> SelectIfAny(std::span<const Service> services,
                                             const ServiceChoice& choice,
                                             std::span<const uint64_t> versions, TimestampMs now,
                                             const char* member) {
  const bool none = services.empty() && choice.selector != Selector::kExact;
  if (none) return std::vector<remote::Url>();
  return Select(services, choice, versions, now, member);
}

}  // namespace

Result<ServiceAddresses> ServicesIn(const sigstore::SigningConfig& config, Keyless keyless,
                                    TimestampMs now) {
  ServiceAddresses out;
  if (keyless == Keyless::kYes) {
    CARNET_TRY(const auto authorities, Select(config.certificate_authorities, {Selector::kAny, 0},
                                              kAuthorityVersions, now, "caUrls"));
    out.certificate_authority = authorities.front();
  }
  CARNET_TRY(out.timestamp_authorities,
             SelectIfAny(config.timestamp_authorities, config.timestamp_choice, kTimestampVersions,
                         now, "tsaUrls"));
  CARNET_TRY(out.logs,
             SelectIfAny(config.logs, config.log_choice, kLogVersions, now, "rekorTlogUrls"));
  return out;
}

SigningServices ServicesOver(const remote::HttpClient& http, const ServiceAddresses& addresses,
                             const TimestampNonce& nonce) {
  SigningServices out;
  for (const remote::Url& address : addresses.timestamp_authorities) {
    out.timestamp_authorities.push_back({address.Shown(), [&http, address, nonce](ByteSpan bytes) {
                                           return remote::AskForTimestamp(bytes, nonce(), address,
                                                                          http);
                                         }});
  }
  for (const remote::Url& address : addresses.logs) {
    out.logs.push_back({address.Shown(), [&http, address](const remote::LogRequest& entry) {
                          return remote::AddToLog(entry, address, http);
                        }});
  }
  return out;
}

CertificateAuthority AuthorityOver(const remote::HttpClient& http, const remote::Url& address,
                                   const remote::IdentityToken& token) {
  return {address.Shown(), [&http, address, token](const signer::AttestationKey& key) {
            return remote::AskForCertificate(token, key, address, http);
          }};
}

}  // namespace carnet::pipeline
