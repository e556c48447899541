#include "api/find_passport.h"
#include "api/read_beside.h"
#include "api/time.h"
#include "api/verdict.h"
#include "api/verify_state.h"
#include "core/file.h"
#include "schemas/limits.h"

namespace carnet {

Gate::Gate(const Trust& trust, const Policy& policy, unsigned threads)
    : state_(std::make_shared<const State>(
          State{trust, policy, std::nullopt,
                verifier::Gate(Internals::StateOf(trust).trust, Internals::StateOf(policy).policy,
                               threads)})) {}
Gate::Gate(const Trust& trust, const Policy& policy, const Chips& chips, unsigned threads)
    : state_(std::make_shared<const State>(
          State{trust, policy, chips,
                verifier::Gate(Internals::StateOf(trust).trust, Internals::StateOf(policy).policy,
                               threads, &Internals::StateOf(chips).catalogue)})) {}
Gate::~Gate() = default;

Result<Verdict> Gate::Check(std::string_view passport, const Model& model, Time now) const {
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  CARNET_TRY(const verifier::Verdict verdict,
             state_->gate.Check(passport, Internals::StateOf(model).read, moment));
  return api::VerdictOf(verdict);
}

Result<Verdict> Gate::CheckClaims(std::string_view claims, const Model& model, Time now) const {
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  CARNET_TRY(const verifier::Verdict verdict,
             state_->gate.CheckClaims(claims, Internals::StateOf(model).read, moment));
  return api::VerdictOf(verdict);
}

Result<Verdict> Gate::CheckFile(const std::string& passport, const Model& model, Time now) const {
  // One byte more than the limit, so that the gate itself says "too-large" (R1, R40).
  CARNET_TRY(const std::string bytes, ReadFilePrefix(passport, schemas::kMaxPassportBytes + 1));
  return api::HoldsClaims(passport) ? CheckClaims(bytes, model, now) : Check(bytes, model, now);
}

Result<Verdict> Gate::CheckModel(const std::string& model, Time now, const std::string& passport,
                                 const ModelOptions& options) const {
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  std::string path = passport;
  if (path.empty()) {
    CARNET_TRY(path, api::FindPassport(model));
  }
  CARNET_TRY(const std::string bytes, ReadFilePrefix(path, schemas::kMaxPassportBytes + 1));
  CARNET_TRY(const Model files, Model::Read(model, options));
  CARNET_TRY(const verifier::Beside beside, api::ReadBeside(model));
  const artifact::ModelFiles& read = Internals::StateOf(files).read;
  CARNET_TRY(const verifier::Verdict verdict,
             api::HoldsClaims(path) ? state_->gate.CheckClaims(bytes, read, moment, beside)
                                    : state_->gate.Check(bytes, read, moment, beside));
  return api::VerdictOf(verdict);
}

Result<std::string> FindPassport(const std::string& model) {
  if (model.find('\0') != model.npos) return Malformed("the path contains a NUL");
  return api::FindPassport(model);
}

}  // namespace carnet
