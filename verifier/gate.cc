#include "verifier/gate.h"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "core/utf8.h"
#include "verifier/claims.h"

namespace carnet::verifier {

Result<Verdict> Gate::Check(std::string_view passport, const artifact::ModelFiles& model,
                            TimestampMs now, const Beside& beside) const {
  return Judge(passport, {}, model, now, beside);
}

Result<Verdict> Gate::CheckClaims(std::string_view claims, const artifact::ModelFiles& model,
                                  TimestampMs now, const Beside& beside) const {
  auto selected = SelectClaims(claims, model, trust_, now);
  if (!selected) return selected.error().In(std::string(artifact::kClaimsFile));
  CARNET_TRY(Verdict verdict, Check(selected->passport, model, now, beside));
  for (const std::string& others : selected->others) {
    verdict.not_checked.push_back(
        Printable(fmt::format("{}: {}", artifact::kClaimsFile, others), kMaxMessageBytes));
  }
  return verdict;
}

Result<Verdict> Gate::CheckUnlogged(std::string_view passport,
                                    const std::vector<StatementId>& unlogged,
                                    const artifact::ModelFiles& model, TimestampMs now) const {
  return Judge(passport, unlogged, model, now, {});
}

Result<Verdict> Gate::Judge(std::string_view passport, const std::vector<StatementId>& unlogged,
                            const artifact::ModelFiles& model, TimestampMs now,
                            const Beside& beside) const {
  CARNET_TRY(const MeasureParts parts, MeasureParts::Of(trust_, policy_, chips_));
  const JudgedLines lines = JudgeLines(passport, trust_, now, threads_, unlogged);
  return Judgement(lines, parts.At(now)).Judge(model, beside);
}

Result<std::unique_ptr<StreamedCheck>> Gate::Open(std::string_view passport, TimestampMs now,
                                                  Refusals refusals) const {
  CARNET_TRY(MeasureParts parts, MeasureParts::Of(trust_, policy_, chips_));
  JudgedLines lines = JudgeLines(passport, trust_, now, threads_, {});
  return std::make_unique<StreamedCheck>(std::move(lines), std::move(parts), now, refusals);
}

}  // namespace carnet::verifier
