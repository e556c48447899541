#include "pipeline/sign_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <utility>
#include <variant>

#include "core/utf8.h"
#include "signer/model_signature.h"
#include "sigstore/oms_statement.h"
#include "verifier/model_signing/verify.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;
namespace model_signing = verifier::model_signing;

Result<> CheckChain(const std::vector<crypto::Certificate>& chain, TimestampMs now) {
  const crypto::Certificate& leaf = chain.front();
  if (const auto problem = model_signing::CheckLeafUsage(leaf)) return Rejected(problem->message);
  if (leaf.ValidAt(now)) return Ok();
  return Rejected(fmt::format("the signing certificate is valid from {} to {}, and not now",
                              FormatTimestamp(leaf.not_before()),
                              FormatTimestamp(leaf.not_after())));
}

Result<sigstore::OmsBundle> SignStatement(const std::string& statement,
                                          const SignModelRequest& request,
                                          const crypto::EcPrivateKey& key, TimestampMs now) {
  if (request.chain.empty()) return signer::SignModelStatement(statement, key);
  CARNET_TRY_VOID(CheckChain(request.chain, now));
  return signer::SignModelStatement(statement, key, request.chain);
}

void AddSignature(artifact::OmsModel& model, const std::string& signature) {
  if (signature.empty()) return;
  std::erase(model.ignored, signature);
  auto& paths = model.manifest.ignore_paths;
  const auto at = std::lower_bound(paths.begin(), paths.end(), signature);
  if (at == paths.end() || *at != signature) paths.insert(at, signature);
}

std::vector<std::string> WarningsOf(const SignModelRequest& request,
                                    const artifact::OmsModel& model) {
  std::vector<std::string> warnings;
  for (const std::string& path : request.scope.ignored) {
    const auto& there = model.manifest.ignore_paths;
    if (std::binary_search(there.begin(), there.end(), path)) continue;
    warnings.push_back(Printable(path, PATH_MAX) + ": is not there, so nothing is ignored for it");
  }
  if (model.uncovered.empty()) return warnings;
  warnings.push_back(fmt::format("{} empty {}: no shard says that they are there, such as {}",
                                 model.uncovered.size(),
                                 model.uncovered.size() == 1 ? "file" : "files",
                                 Printable(model.uncovered.front(), PATH_MAX)));
  return warnings;
}

// By the reader that verifiers use, so that nothing is signed that they refuse.
Result<> ReadSignatureBack(const std::string& text) {
  CARNET_TRY(const sigstore::OmsBundle bundle, sigstore::ReadOmsBundle(text));
  const auto read = sigstore::ReadOmsStatement(bundle.envelope.payload);
  if (const auto* error = std::get_if<sigstore::OmsStatementError>(&read)) {
    return Malformed(error->message);
  }
  return Ok();
}

}  // namespace

std::string NameOfModel(const std::string& path) {
  std::error_code error;
  const std::string name = fs::canonical(path, error).filename().string();
  return error || name.empty() || !IsValidUtf8(name) ? "model" : name;
}

Result<ModelToSign> PrepareModel(const SignModelRequest& request,
                                 const artifact::OmsReadOptions& options) {
  artifact::OmsScope scope = request.scope;
  if (!request.signature.empty()) scope.ignored.push_back(request.signature);
  CARNET_TRY(artifact::OmsModel model,
             artifact::ReadOmsModel(request.model, scope, request.method, options));
  AddSignature(model, request.signature);
  std::vector<std::string> warnings = WarningsOf(request, model);
  return ModelToSign{
      sigstore::WriteOmsStatement(NameOfModel(request.model), model.manifest),
      {"", artifact::OmsRootOf(model.manifest.resources), model.manifest.resources.size(),
       std::move(model.ignored), std::move(warnings)}};
}

Result<> CheckModelSignature(const std::string& bundle) {
  const auto read = ReadSignatureBack(bundle);
  if (!read) return Rejected("the model cannot be signed: " + read.error().message);
  return Ok();
}

Result<SignedModel> SignModel(const SignModelRequest& request, const crypto::EcPrivateKey& key,
                              TimestampMs now, const artifact::OmsReadOptions& options) {
  CARNET_TRY(ModelToSign prepared, PrepareModel(request, options));
  CARNET_TRY(const sigstore::OmsBundle bundle,
             SignStatement(prepared.statement, request, key, now));
  prepared.model.bundle = sigstore::WriteOmsBundle(bundle) + "\n";
  CARNET_TRY_VOID(CheckModelSignature(prepared.model.bundle));
  return std::move(prepared.model);
}

Result<std::string> IgnoredPath(const std::string& model, const std::string& given) {
  std::string path;
  if (given.starts_with('/')) {
    CARNET_TRY(path, artifact::PathInModel(model, given));
  } else {
    path = fs::path(given).lexically_normal().string();
    if (path.ends_with('/')) path.pop_back();
  }
  const auto checked = artifact::CheckOmsPath(path);
  if (checked) return path;
  return Malformed(fmt::format("{}: not a path in the model", Quoted(given, PATH_MAX)));
}

}  // namespace carnet::pipeline
