// What the passport of a run would be told by the gate now, at any time during training: as if the
// run were completed with these files and the passport issued. Nothing is logged or written.
#pragma once

#include <string>
#include <string_view>

#include "artifact/model_files.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "pipeline/attest.h"
#include "signer/signer.h"
#include "verifier/gate.h"
#include "verifier/verdict.h"

namespace carnet::pipeline {

struct RunToCheck {
  const std::string& directory;
  std::string_view draft;  // of the passport
  std::string_view draft_name;
};

struct CheckedRun {
  bool completed;  // else a completion is assumed
  verifier::Verdict verdict;
};

// `model` is the files of the last segment, or of the model with
// which the run was completed. The completion and the passport are signed for the gate alone, and
// forgotten. Not checked: what only a logged passport shows, such as another one of this model.
// Errors: not_found (no run is open here), conflict (another recorder), rejected (the run is
// aborted; it cannot be completed with these files, with the reason), malformed (draft).
Result<CheckedRun> CheckRun(const RunToCheck& run, const artifact::ModelFiles& model,
                            const signer::Signer& signer, ledger::Ledger& ledger,
                            const verifier::Gate& gate, const Moment& moment);

}  // namespace carnet::pipeline
