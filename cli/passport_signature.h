// The signature by OpenSSF Model Signing that `passport issue --oms` writes for the passport's
// model: `model.sig` in its folder, or `<file>.sig` beside a single file.
#pragma once

#include <string>

#include "artifact/model_files.h"
#include "artifact/oms_manifest.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/not_covered.h"
#include "core/result.h"
#include "signer/signer.h"

namespace carnet::cli {

struct PlannedSignature {
  std::string path;
  artifact::OmsManifest manifest;
  bool there;  // an earlier call wrote this very signature
};

// Before anything is logged. `passport` is where that goes. Errors: io where another file is at the
// path and may not be overwritten; as pipeline::ManifestOf.
Result<PlannedSignature> PlanSignature(const PassportOptions& options, const std::string& passport,
                                       const artifact::ModelFiles& model, NotCovered patterns,
                                       const signer::Signer& signer);

// Signs and writes it, unless it is there. Errors: as pipeline::SignManifest and WriteOutput.
Result<> WriteSignature(const PlannedSignature& planned, const PassportOptions& options,
                        const signer::Signer& signer, Terminal& terminal);

}  // namespace carnet::cli
