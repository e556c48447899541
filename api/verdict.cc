#include "api/verdict.h"

#include "api/time.h"
#include "core/hex.h"

namespace carnet::api {
namespace {

template <typename Digest>
std::string HexOrEmpty(const std::optional<Digest>& digest) {
  return digest ? HexEncode(digest->span()) : "";
}

Finding FindingOf(const verifier::Finding& finding) {
  return {finding.rule(),
          std::string(verifier::RejectReasonName(finding.reason())),
          std::string(verifier::AnchorOf(finding.refusal)),
          finding.message,
          finding.hint,
          HexOrEmpty(finding.statement),
          finding.line.value_or(0)};
}

Threshold ThresholdOf(const verifier::ThresholdFact& fact) {
  return {.policy = fact.policy,
          .id = fact.threshold,
          .state = std::string(verifier::ThresholdStateName(fact.state)),
          .why = std::string(verifier::ThresholdBasisName(fact.why)),
          .lower = fact.lower,
          .stated = fact.stated,
          .upper = fact.upper.value_or(""),
          .lower_bound = fact.lower_bound,
          .bounds = fact.bounds,
          .comparison = fact.comparison,
          .limit = fact.limit,
          .rule = fact.rule,
          .status = fact.status,
          .source = fact.source};
}

std::optional<FlopSum> SumOf(const std::optional<verifier::FlopSum>& sum) {
  if (!sum) return std::nullopt;
  return FlopSum{sum->amount.ToString(), sum->lower_bound};
}

}  // namespace

Verdict VerdictOf(const verifier::Verdict& from) {
  Verdict verdict;
  verdict.decision = from.decision == verifier::Decision::kPass ? Decision::kPass : Decision::kFail;
  for (const verifier::Row& row : from.rows) {
    verdict.rows.push_back({row.name, std::string(verifier::RowStatusName(row.status)), row.text});
  }
  for (const verifier::Finding& finding : from.findings) {
    verdict.findings.push_back(FindingOf(finding));
  }
  if (!verdict.findings.empty()) verdict.reason = verdict.findings.front().reason;
  verdict.findings_total = from.findings_total;
  for (const verifier::ThresholdFact& fact : from.thresholds) {
    verdict.thresholds.push_back(ThresholdOf(fact));
  }
  verdict.level = from.level.number;
  verdict.level_name = verifier::LevelName(from.level.number);
  verdict.missing = from.level.missing;
  verdict.not_checked = from.not_checked;
  verdict.warnings = from.warnings;
  verdict.passport = HexOrEmpty(from.passport);
  verdict.model = HexOrEmpty(from.model);
  verdict.name = from.model_name;
  verdict.only_with_base = from.only_with_base.value_or("");
  verdict.attestations = from.attestations;
  if (from.checkpoint) {
    verdict.checkpoint = TreeHead{from.checkpoint->origin, from.checkpoint->size.value(),
                                  HexEncode(from.checkpoint->root.span())};
  }
  verdict.parameter_update = SumOf(from.parameter_update);
  verdict.cumulative = SumOf(from.cumulative);
  verdict.policy = from.policy_id;
  verdict.policy_sha256 = from.policy_digest;
  for (const auto& [id, digest] : from.included) verdict.included.push_back({id, digest});
  for (const auto& [of, digest] : from.chips) verdict.chips.push_back({of, digest});
  verdict.at = TimeOf(from.at);
  verdict.now = TimeOf(from.now);
  return verdict;
}

}  // namespace carnet::api
