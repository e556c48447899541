#include "pipeline/sign_covered_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "artifact/covered_files.h"
#include "artifact/oms_files.h"
#include "crypto/sha256.h"
#include "pipeline/sign_model.h"
#include "sigstore/dsse.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/oms_statement.h"

namespace carnet::pipeline {
namespace {

// The path of git's that `path` is at or below; empty: of none.
std::string GitPathOf(std::string_view path) {
  for (const std::string& git : artifact::OmsGitPaths()) {
    if (artifact::IsAtOrBelow(path, git)) return git;
  }
  return "";
}

std::string IgnoredFolderOrFile(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

Result<artifact::OmsManifest> ManifestOf(const CoveredModel& model) {
  const artifact::CoveredFiles covered(model.files, model.patterns);
  artifact::OmsManifest manifest;
  manifest.allow_symlinks = model.links_followed;
  std::set<std::string> ignored;
  for (const artifact::FileEntry& file : covered.files()) {
    std::string git = model.folder ? GitPathOf(file.path) : "";
    if (!git.empty()) {
      ignored.insert(std::move(git));
      continue;
    }
    manifest.resources.push_back({file.path, 0, 0, ToBytes(file.sha256.span())});
  }
  if (manifest.resources.empty()) return Rejected("the model has no file to sign");
  if (manifest.resources.size() > artifact::kMaxOmsResources) {
    return Rejected(fmt::format("the model has {} files, but a model signature at most {}",
                                manifest.resources.size(), artifact::kMaxOmsResources));
  }
  if (model.folder) {
    for (const auto& path : model.files.not_covered) ignored.insert(IgnoredFolderOrFile(path));
    for (const artifact::FileEntry& file : covered.left_out()) ignored.insert(file.path);
    ignored.insert(model.beside.begin(), model.beside.end());
    ignored.emplace(artifact::kModelSignatureFile);
    ignored.emplace(artifact::kClaimsFile);
  }
  manifest.ignore_paths.assign(ignored.begin(), ignored.end());
  artifact::SortByName(manifest);
  return manifest;
}

Result<std::string> SignManifest(const artifact::OmsManifest& manifest, std::string_view name,
                                 const signer::Signer& signer) {
  const std::string statement = sigstore::WriteOmsStatement(name, manifest);
  CARNET_TRY(Bytes signature, signer.SignDigest(sigstore::PaeDigest(sigstore::kInTotoPayloadType,
                                                                    AsBytes(statement))));
  std::string text = sigstore::WriteOmsBundle(
      {sigstore::OmsKeyHint{sigstore::OmsHintOf(signer.public_key().spki())},
       {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(statement)),
        std::move(signature)}});
  CARNET_TRY_VOID(CheckModelSignature(text += "\n"));
  return text;
}

bool IsSignatureOf(const std::string& text, const artifact::OmsManifest& manifest,
                   const crypto::P256PublicKey& key) {
  const auto bundle = sigstore::ReadOmsBundle(text);
  if (!bundle || bundle->envelope.payload_type != sigstore::kInTotoPayloadType) return false;
  const auto* hint = std::get_if<sigstore::OmsKeyHint>(&bundle->material);
  if (hint == nullptr || hint->hint != sigstore::OmsHintOf(key.spki())) return false;
  const auto statement = sigstore::ReadOmsStatement(bundle->envelope.payload);
  const auto* read = std::get_if<sigstore::OmsStatement>(&statement);
  if (read == nullptr || read->manifest != manifest) return false;
  const auto digest = crypto::Sha256Of(
      sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, bundle->envelope.payload));
  return key.VerifyDigest(digest, bundle->envelope.signature) == crypto::SignatureCheck::kGood;
}

}  // namespace carnet::pipeline
