// A model judged with its passport: what `carnet verify`, `verify-all` and `admit` share.
#pragma once

#include <string>

#include "artifact/model_files.h"
#include "cli/command.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/compute/chips.h"
#include "verifier/gate.h"
#include "verifier/policy/policy.h"

namespace carnet::cli {

// What the caller is responsible for, whatever the models are: read once.
struct JudgedBy {
  trust::Trust trust;
  verifier::policy::Policy policy;
  verifier::compute::Catalogue chips;
};
Result<JudgedBy> OpenJudgedBy(const JudgingOptions& options, Terminal& terminal);

struct GivenPassport {
  std::string bytes;
  bool claims;  // of anybody: its lines are among them
};
// A file, or `-`. Errors: io, not_found.
Result<GivenPassport> ReadPassport(const std::string& path);

struct ModelInHand {
  const std::string& path;
  const artifact::ModelFiles& files;
};
// With what else lies in the model's folder. Errors: "could not tell", as of verifier::Gate; io.
// Thread safe.
Result<verifier::Verdict> Judge(const ModelInHand& model, const GivenPassport& passport,
                                const verifier::Gate& gate, TimestampMs now);

}  // namespace carnet::cli
