#include "cli/passport_signature.h"

#include <filesystem>
#include <utility>

#include "artifact/oms_files.h"
#include "cli/read_input.h"
#include "cli/write_output.h"
#include "core/file.h"
#include "pipeline/sign_covered_model.h"
#include "pipeline/sign_model.h"
#include "sigstore/oms_bundle.h"

namespace carnet::cli {
namespace {

bool IsFolder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

std::string SignatureOf(const std::string& model, bool folder) {
  if (!folder) return model + ".sig";
  return (std::filesystem::path(model) / artifact::kModelSignatureFile).string();
}

}  // namespace

Result<PlannedSignature> PlanSignature(const PassportOptions& options, const std::string& passport,
                                       const artifact::ModelFiles& model, NotCovered patterns,
                                       const signer::Signer& signer) {
  const bool folder = IsFolder(options.model);
  pipeline::CoveredModel covered{model, patterns, folder, options.follow};
  if (folder && passport != kStandard && GivenDescriptor(passport) < 0) {
    CARNET_TRY(std::string inside, artifact::PathInModel(options.model, passport));
    if (!inside.empty()) covered.beside.push_back(std::move(inside));
  }
  PlannedSignature planned{SignatureOf(options.model, folder), {}, false};
  CARNET_TRY(planned.manifest, pipeline::ManifestOf(covered));
  const auto free = CheckOutput(planned.path, options.force);
  if (free) return planned;
  const auto text = ReadFilePrefix(planned.path, sigstore::kMaxOmsBundleBytes + 1);
  planned.there = text && pipeline::IsSignatureOf(*text, planned.manifest, signer.public_key());
  if (!planned.there) return free.error();
  return planned;
}

Result<> WriteSignature(const PlannedSignature& planned, const PassportOptions& options,
                        const signer::Signer& signer, Terminal& terminal) {
  if (planned.there) {
    terminal.Note("signed before: " + planned.path);
    return Ok();
  }
  CARNET_TRY(
      const std::string text,
      pipeline::SignManifest(planned.manifest, pipeline::NameOfModel(options.model), signer));
  CARNET_TRY_VOID(WriteOutputInModel(options.model, planned.path, text, options.force));
  terminal.Note("wrote " + planned.path);
  return Ok();
}

}  // namespace carnet::cli
