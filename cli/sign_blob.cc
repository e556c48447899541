#include "cli/command.h"
#include "cli/digest_file.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/service_signer.h"
#include "cli/verified_text.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/sign_bundle.h"

namespace carnet::cli {
namespace {

using pipeline::SignedBundle;

std::string WrongSigning(const SignBlobOptions& options) {
  if (options.bundle == kStandard && options.json) {
    return "--bundle - and --json are two documents";
  }
  return options.key.empty() ? WrongWithoutKey(options.services) : WrongWithKey(options.services);
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
  const auto clock = [&terminal] { return terminal.Now(); };
  if (!WantsTrust(options.services, options.key)) {
    CARNET_TRY(const auto signer, OpenSigner(options.key, terminal));
    CARNET_TRY(auto bundle, pipeline::SignBundle(content, *signer, {}, {}, clock));
    return Made{HexEncode(digest->span()), std::move(bundle)};
  }
  CARNET_TRY(const auto with, OpenServiceSigner(options.services, options.key, terminal));
  CARNET_TRY(auto bundle,
             pipeline::SignBundle(content, *with.signer, with.services, with.trusted, clock));
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
  if (WantsTrust(options.services, options.key)) SayWhichRoot(options.services, terminal);
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
