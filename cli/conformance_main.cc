// carnet-conformance: answers the command line that Sigstore's conformance suite asks verifiers by.
// Exit status 0: verified; 1: not.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/check_blob.h"

namespace carnet::cli {
namespace {

struct Arguments {
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::string> others;
  bool staging = false;
};

constexpr std::string_view kValues[] = {"--bundle", "--certificate-identity",
                                        "--certificate-oidc-issuer", "--key", "--trusted-root"};

Result<Arguments> ReadArguments(const std::vector<std::string>& words) {
  Arguments out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--staging") {
      out.staging = true;
    } else if (!words[i].starts_with("--")) {
      out.others.push_back(words[i]);
    } else if (std::find(std::begin(kValues), std::end(kValues), words[i]) == std::end(kValues)) {
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
  CARNET_TRY(const Arguments arguments, ReadArguments(words));
  CARNET_TRY(const BlobQuestion question, QuestionOf(arguments));
  CARNET_TRY(const auto verdict, CheckBlob(question, ClockNow()));
  const auto* no = std::get_if<verifier::bundle::BundleRejection>(&verdict);
  if (no == nullptr) return Ok();
  return Rejected(std::string(verifier::bundle::ReasonName(no->reason)) + ": " + no->message);
}

Result<> Run(std::vector<std::string> words) {
  if (words.empty() || words.front() != "verify-bundle") {
    return Unsupported("usage: carnet-conformance verify-bundle [OPTIONS] FILE_OR_DIGEST");
  }
  words.erase(words.begin());
  return VerifyBundleCommand(words);
}

}  // namespace
}  // namespace carnet::cli

int main(int argc, char** argv) {
  const auto done = carnet::cli::Run({argv + 1, argv + argc});
  if (done) return 0;
  std::fprintf(stderr, "carnet-conformance: %s\n", done.error().message.c_str());
  return 1;
}
