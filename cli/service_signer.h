// Signing with services, as the options of sign-blob and attest say it: what goes together, who
// signs, and whom to ask.
#pragma once

#include <memory>
#include <string>

#include "cli/service_options.h"
#include "cli/terminal.h"
#include "core/result.h"
#include "pipeline/signing_services.h"
#include "signer/signer.h"
#include "sigstore/trusted_material.h"

namespace carnet::cli {

// What is wrong with the options, or nothing; with a key, and without one.
std::string WrongWithKey(const ServiceOptions& options);
std::string WrongWithoutKey(const ServiceOptions& options);

// Whether anything has to be trusted; says on the terminal which trusted root is, where it is the
// shipped one.
bool WantsTrust(const ServiceOptions& options, const std::string& key);
void SayWhichRoot(const ServiceOptions& options, Terminal& terminal);

struct ServiceSigner {
  std::unique_ptr<remote::HttpClient> http;  // outlives the services
  sigstore::TrustedMaterial trusted;
  pipeline::SigningServices services;
  std::unique_ptr<signer::Signer> signer;
};

// Of `key`; where it is empty, of an identity. Errors: those of files, key and services.
Result<ServiceSigner> OpenServiceSigner(const ServiceOptions& options, const std::string& key,
                                        Terminal& terminal);

}  // namespace carnet::cli
