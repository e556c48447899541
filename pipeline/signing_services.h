// The services that a signature may be made with: an authority that certifies a key for a few
// minutes (keyless), time stamping authorities, transparency logs. As functions, each with its
// address for messages, so that who signs need not know how they are asked. What they answer is not
// believed: certify.h, vouched_token.h and sign_bundle.h verify it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "remote/http_client.h"
#include "remote/identity_token.h"
#include "remote/rekor_client.h"
#include "signer/attestation_key.h"
#include "signer/signer.h"
#include "sigstore/signing_config.h"

namespace carnet::pipeline {

struct CertificateAuthority {
  std::string name;
  // A chain for the key, leaf first, never empty.
  std::function<Result<std::vector<crypto::Certificate>>(const signer::AttestationKey&)> ask;
};
struct TimestampAuthority {
  std::string name;
  signer::TimestampSource ask;
};
struct EntryLog {
  std::string name;
  std::function<Result<sigstore::LogEntry>(const remote::LogRequest&)> ask;
};

// All of them are asked.
struct SigningServices {
  std::vector<TimestampAuthority> timestamp_authorities;
  std::vector<EntryLog> logs;
};

struct ServiceAddresses {
  std::optional<remote::Url> certificate_authority;
  std::vector<remote::Url> timestamp_authorities;
  std::vector<remote::Url> logs;
};

// Who signs with a key of their own asks no authority for a certificate.
enum class Keyless { kNo, kYes };

// The services of a configuration to use at `now`; of a kind that it does not mention, none.
// Errors: as sigstore::SelectServices, with the member; those of remote::Url::Parse.
Result<ServiceAddresses> ServicesIn(const sigstore::SigningConfig& config, Keyless keyless,
                                    TimestampMs now);

// Eight random bytes, used once.
using TimestampNonce = std::function<std::array<uint8_t, 8>()>;

// Asked over HTTP. `http` outlives what is returned and has the limits that remote/rekor_client.h
// requires.
SigningServices ServicesOver(const remote::HttpClient& http, const ServiceAddresses& addresses,
                             const TimestampNonce& nonce);
CertificateAuthority AuthorityOver(const remote::HttpClient& http, const remote::Url& address,
                                   const remote::IdentityToken& token);

}  // namespace carnet::pipeline
