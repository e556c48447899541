// What the passport of a run would be told by the gate now, at any time during training: as if the
// run were completed with these files and the passport issued. Nothing is logged or written.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "pipeline/issue_passport.h"
#include "signer/signer.h"
#include "verifier/gate.h"

namespace carnet::pipeline {

struct RunToCheck {
  const std::string& directory;
  std::string_view draft;  // of the passport
  std::string_view draft_name;
  std::span<const ParentModel> parents = {};  // as of PassportRequest
};

struct CheckedRun {
  bool completed;  // else a completion is assumed
  PassportJudgement judgement;
};

// `model` is the files of the last segment, or of the model with
// which the run was completed. The completion and the passport are signed for the gate alone, and
// forgotten.
// Errors: not_found (no run is open here), conflict (another recorder), rejected (the run is
// aborted; it cannot be completed with these files, with the reason), malformed (draft).
Result<CheckedRun> CheckRun(const RunToCheck& run, const artifact::ModelFiles& model,
                            const signer::Signer& signer, ledger::Ledger& ledger,
                            const verifier::Gate& gate, const Moment& moment);

}  // namespace carnet::pipeline
