#include "pipeline/verify_model_files.h"

#include <utility>
#include <variant>

namespace carnet::pipeline {
namespace {

namespace model_signing = verifier::model_signing;
using model_signing::Problem;

// The digests of the signed resources that there is a file for.
Result<model_signing::Found> DigestSigned(const artifact::OmsManifest& manifest,
                                          const artifact::OmsListing& listing,
                                          const artifact::OmsReadOptions& options) {
  const auto matches = model_signing::MatchFiles(manifest, listing);
  std::vector<artifact::OmsPiece> pieces;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] == nullptr) continue;
    const artifact::OmsResource& resource = manifest.resources[i];
    const uint64_t end = manifest.method.shard_bytes ? resource.end : matches[i]->stamp.bytes;
    pieces.push_back({matches[i], resource.begin, end});
  }
  CARNET_TRY(std::vector<Bytes> digests,
             artifact::DigestPieces(pieces, manifest.method.hash, options));
  model_signing::Found found(matches.size());
  size_t next = 0;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] != nullptr) found[i] = std::move(digests[next++]);
  }
  return found;
}

}  // namespace

ModelVerdict RefusedFor(Problem problem) {
  ModelVerdict verdict;
  verdict.files.problems.push_back(std::move(problem));
  return verdict;
}

Result<ModelVerdict> VerifyModelFiles(const model_signing::SignedPayload& signed_payload,
                                      const std::string& model,
                                      const model_signing::FileOptions& options,
                                      const artifact::OmsReadOptions& read_options) {
  ModelVerdict verdict;
  verdict.signer = signed_payload.signer;
  verdict.files.warnings = signed_payload.warnings;
  auto read = model_signing::ReadSigned(signed_payload);
  if (auto* problem = std::get_if<Problem>(&read)) {
    verdict.files.problems.push_back(std::move(*problem));
    return verdict;
  }
  const auto& statement = std::get<sigstore::OmsStatement>(read);
  verdict.root = statement.root;
  verdict.resources = statement.manifest.resources.size();
  auto scope = model_signing::ScopeFor(statement.manifest, options);
  if (auto* problem = std::get_if<Problem>(&scope)) {
    verdict.files.problems.push_back(std::move(*problem));
    return verdict;
  }
  const auto& wanted = std::get<model_signing::ScopeOf>(scope);
  CARNET_TRY(const artifact::OmsListing listing, artifact::ListOmsFiles(model, wanted.scope));
  CARNET_TRY(const model_signing::Found found,
             DigestSigned(statement.manifest, listing, read_options));
  auto files = model_signing::CompareFiles(statement.manifest, listing, found, options);
  auto& warnings = files.warnings;
  warnings.insert(warnings.begin(), wanted.warnings.begin(), wanted.warnings.end());
  warnings.insert(warnings.begin(), signed_payload.warnings.begin(), signed_payload.warnings.end());
  verdict.files = std::move(files);
  return verdict;
}

}  // namespace carnet::pipeline
