// carnet-conformance: answers the command line that Sigstore's conformance suite asks clients by.
// Exit status 0: verified, or signed; 1: not.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/check_blob.h"
#include "cli/digest_file.h"
#include "cli/keyless_signer.h"
#include "cli/open_services.h"
#include "cli/open_trusted_root.h"
#include "core/file.h"
#include "pipeline/sign_bundle.h"
#include "sigstore/foreign_bundle.h"

namespace carnet::cli {
namespace {

struct Arguments {
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::string> others;
  bool staging = false;
  bool in_toto = false;  // sign-bundle
};

// Of each command, those with a value.
using Values = std::vector<std::string_view>;
const Values kToVerify = {"--bundle", "--certificate-identity", "--certificate-oidc-issuer",
                          "--key", "--trusted-root"};
const Values kToSign = {"--bundle", "--identity-token", "--signing-config", "--trusted-root"};

Result<Arguments> ReadArguments(const std::vector<std::string>& words, const Values& values) {
  Arguments out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--staging") {
      out.staging = true;
    } else if (words[i] == "--in-toto" && &values == &kToSign) {
      out.in_toto = true;
    } else if (!words[i].starts_with("--")) {
      out.others.push_back(words[i]);
    } else if (std::find(values.begin(), values.end(), words[i]) == values.end()) {
      return Unsupported("unknown option " + words[i]);
    } else if (i + 1 == words.size()) {
      return Malformed(words[i] + " needs a value");
    } else if (!out.options.emplace(words[i], words[i + 1]).second) {
      return Malformed(words[i] + " is given twice");
    } else {
      ++i;
    }
  }
  return out;
}

std::string Value(const Arguments& arguments, std::string_view option) {
  const auto found = arguments.options.find(option);
  return found == arguments.options.end() ? "" : found->second;
}

Result<BlobQuestion> QuestionOf(const Arguments& arguments) {
  BlobQuestion question{Value(arguments, "--bundle"),
                        "",
                        Value(arguments, "--key"),
                        {},
                        Value(arguments, "--trusted-root"),
                        {},
                        true};
  if (question.bundle.empty()) return Malformed("--bundle is missing");
  if (arguments.others.size() != 1) return Malformed("expected one file or digest");
  question.artifact = arguments.others.front();
  if (arguments.staging && question.trusted_root.empty()) {
    return Unsupported("the trusted root of the staging instance is not shipped: --trusted-root");
  }
  const std::string identity = Value(arguments, "--certificate-identity");
  const std::string issuer = Value(arguments, "--certificate-oidc-issuer");
  if (question.key.empty() == (identity.empty() || issuer.empty())) {
    return Malformed("expected either --key, or --certificate-identity and its issuer");
  }
  if (question.key.empty()) {
    question.identity = sigstore::IdentityPattern{sigstore::TextPattern::Exactly(issuer),
                                                  sigstore::TextPattern::Exactly(identity)};
  }
  return question;
}

TimestampMs ClockNow() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count()));
}

Result<> VerifyBundleCommand(const std::vector<std::string>& words) {
  CARNET_TRY(const Arguments arguments, ReadArguments(words, kToVerify));
  CARNET_TRY(const BlobQuestion question, QuestionOf(arguments));
  CARNET_TRY(const auto verdict, CheckBlob(question, ClockNow()));
  const auto* no = std::get_if<verifier::bundle::BundleRejection>(&verdict);
  if (no == nullptr) return Ok();
  return Rejected(std::string(verifier::bundle::ReasonName(no->reason)) + ": " + no->message);
}

Result<pipeline::BundleContent> ContentOf(const Arguments& arguments) {
  const std::string& file = arguments.others.front();
  if (arguments.in_toto) {
    CARNET_TRY(const std::string text, ReadFile(file, sigstore::kMaxBundleBytes));
    return pipeline::BundleContent(pipeline::StatementToSign{ToBytes(AsBytes(text))});
  }
  CARNET_TRY(const auto digests, DigestFile(file, {crypto::HashAlgorithm::kSha256}));
  const auto digest = Sha256Digest::FromSpan(digests.front().digest);
  CARNET_CHECK(digest.has_value());
  return pipeline::BundleContent(pipeline::ArtifactToSign{*digest});
}

Result<> CheckSigning(const Arguments& arguments) {
  if (Value(arguments, "--bundle").empty()) return Malformed("--bundle is missing");
  if (arguments.others.size() != 1) return Malformed("expected one file");
  if (Value(arguments, "--identity-token").empty()) return Malformed("--identity-token is missing");
  if (Value(arguments, "--signing-config").empty()) {
    return Unsupported(
        "no signing configuration is shipped, as Sigstore's own names logs of Rekor's version 1 "
        "only, which are not written to: --signing-config");
  }
  if (!arguments.staging || !Value(arguments, "--trusted-root").empty()) return Ok();
  return Unsupported("the trusted root of the staging instance is not shipped: --trusted-root");
}

Result<> SignBundleCommand(const std::vector<std::string>& words) {
  CARNET_TRY(const Arguments arguments, ReadArguments(words, kToSign));
  CARNET_TRY_VOID(CheckSigning(arguments));
  CARNET_TRY(const auto content, ContentOf(arguments));
  CARNET_TRY(const auto trusted, OpenTrustedMaterial(Value(arguments, "--trusted-root")));
  const TimestampMs now = ClockNow();
  CARNET_TRY(const auto token,
             remote::IdentityToken::Parse(Value(arguments, "--identity-token"), now));
  CARNET_TRY(const auto addresses,
             AddressesIn({.signing_config = Value(arguments, "--signing-config")},
                         pipeline::Keyless::kYes, now));
  CARNET_TRY(const auto http, NewHttpClient());
  CARNET_TRY(const auto signer, NewKeylessSigner(token, addresses, trusted, *http, now));
  CARNET_TRY(const auto made,
             pipeline::SignBundle(content, *signer, Asking(*http, addresses), trusted, &ClockNow));
  return WriteFileAtomic(Value(arguments, "--bundle"), made.json, Overwrite::kReplace);
}

Result<> Run(std::vector<std::string> words) {
  const std::string command = words.empty() ? "" : words.front();
  if (!words.empty()) words.erase(words.begin());
  if (command == "verify-bundle") return VerifyBundleCommand(words);
  if (command == "sign-bundle") return SignBundleCommand(words);
  return Unsupported(
      "usage: carnet-conformance verify-bundle [OPTIONS] FILE_OR_DIGEST, or sign-bundle [OPTIONS] "
      "FILE");
}

}  // namespace
}  // namespace carnet::cli

int main(int argc, char** argv) {
  const auto done = carnet::cli::Run({argv + 1, argv + argc});
  if (done) return 0;
  std::fprintf(stderr, "carnet-conformance: %s\n", done.error().message.c_str());
  return 1;
}
