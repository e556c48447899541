#include "cli/judge_model.h"

#include <utility>

#include "api/find_passport.h"
#include "api/read_beside.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "schemas/limits.h"

namespace carnet::cli {

Result<JudgedBy> OpenJudgedBy(const JudgingOptions& options, Terminal& terminal) {
  CARNET_TRY(trust::Trust trust, OpenTrust(options.trust, terminal));
  CARNET_TRY(auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  CARNET_TRY(auto chips, OpenChips(trust, options.chips));
  return JudgedBy{std::move(trust), std::move(policy), std::move(chips)};
}

Result<GivenPassport> ReadPassport(const std::string& path) {
  // One byte more than the limit, so that the gate itself says "too-large" (R1, R40).
  CARNET_TRY(std::string bytes, ReadInputPrefix(path, schemas::kMaxPassportBytes + 1));
  return GivenPassport{std::move(bytes), api::HoldsClaims(path)};
}

Result<verifier::Verdict> Judge(const ModelInHand& model, const GivenPassport& passport,
                                const verifier::Gate& gate, TimestampMs now) {
  CARNET_TRY(const verifier::Beside beside, api::ReadBeside(model.path));
  return passport.claims ? gate.CheckClaims(passport.bytes, model.files, now, beside)
                         : gate.Check(passport.bytes, model.files, now, beside);
}

}  // namespace carnet::cli
