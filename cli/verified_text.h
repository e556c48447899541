// What a verified bundle shows, in words and in JSON: who signed, when, and where it is logged.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::cli {

// Safe to print, and not cut: this is what the question was about.
std::string WholeText(std::string_view text);

// "time        2025-…\n"
std::string ResultRow(std::string_view name, std::string_view value);

// One row each.
std::string VerifiedRows(const verifier::bundle::VerifiedBundle& verified);
// The members signer, predicate_type (of an attestation), times and log.
void WriteVerified(const verifier::bundle::VerifiedBundle& verified, json::Writer& writer);

}  // namespace carnet::cli
