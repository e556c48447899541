// The services that options, the environment and a signing configuration name, ready to be asked.
// Without a terminal: carnet-conformance signs with them too.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/service_options.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "pipeline/signing_services.h"
#include "remote/http_client.h"
#include "remote/identity_token.h"

namespace carnet::cli {

// Errors: those of ReadFile, ReadSigningConfig and pipeline::ServicesIn, with the file; of Url,
// with the option.
Result<pipeline::ServiceAddresses> AddressesIn(const ServiceOptions& options,
                                               pipeline::Keyless keyless, TimestampMs now);

// Errors: io (no libcurl).
Result<std::unique_ptr<remote::HttpClient>> NewHttpClient();

// Of a file; where none is given, of SIGSTORE_ID_TOKEN or the build service that this runs in.
// Errors: those of ReadFile, remote::FindAmbientToken and remote::IdentityToken; not_found.
Result<remote::IdentityToken> OpenIdentityToken(const std::string& file,
                                                const remote::HttpClient& http, TimestampMs now);

// pipeline::ServicesOver with fresh nonces.
pipeline::SigningServices Asking(const remote::HttpClient& http,
                                 const pipeline::ServiceAddresses& addresses);

}  // namespace carnet::cli
