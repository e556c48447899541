#include "cli/judge_model.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "artifact/manifest.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "core/file.h"
#include "pipeline/find_passport.h"
#include "schemas/limits.h"
#include "verifier/beside_passport.h"

namespace carnet::cli {
namespace {

// What is in the model's folder beside the files. A single file has none.
Result<verifier::Beside> ReadBeside(const std::string& model) {
  verifier::Beside beside;
  const auto path = (std::filesystem::path(model) / artifact::kModelSignatureFile).string();
  std::error_code error;
  if (!std::filesystem::is_directory(model, error)) return beside;
  if (!std::filesystem::is_regular_file(path, error)) return beside;
  // One byte more than the limit, so that it is said to be too large.
  CARNET_TRY(beside.signature, ReadFilePrefix(path, verifier::kMaxSignatureBesideBytes + 1));
  return beside;
}

}  // namespace

Result<JudgedBy> OpenJudgedBy(const JudgingOptions& options, Terminal& terminal) {
  CARNET_TRY(trust::Trust trust, OpenTrust(options.trust, terminal));
  CARNET_TRY(auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  CARNET_TRY(auto chips, OpenChips(trust, options.chips));
  return JudgedBy{std::move(trust), std::move(policy), std::move(chips)};
}

Result<GivenPassport> ReadPassport(const std::string& path) {
  // One byte more than the limit, so that the gate itself says "too-large" (R1, R40).
  CARNET_TRY(std::string bytes, ReadInputPrefix(path, schemas::kMaxPassportBytes + 1));
  return GivenPassport{std::move(bytes), pipeline::HoldsClaims(path)};
}

Result<verifier::Verdict> Judge(const ModelInHand& model, const GivenPassport& passport,
                                const verifier::Gate& gate, TimestampMs now) {
  CARNET_TRY(const verifier::Beside beside, ReadBeside(model.path));
  return passport.claims ? gate.CheckClaims(passport.bytes, model.files, now, beside)
                         : gate.Check(passport.bytes, model.files, now, beside);
}

}  // namespace carnet::cli
