#include "verifier/judge_statement.h"

#include <utility>

#include "verifier/compute/verify.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier {

Result<StatementJudgement> JudgeStatement(const StatementSet& set, const Statement& line,
                                          TimestampMs now, const compute::Catalogue* chips) {
  Findings findings;
  lineage::CheckOmsRoot(line, findings);
  lineage::JudgeStatement(set, line, now, findings);
  StatementJudgement judgement;
  const auto judge = [&](const compute::Catalogue& catalogue) {
    judgement.undisclosed = compute::JudgeStatement(set, line, catalogue, findings);
    std::string mistake;
    if (line.kind() == schemas::Kind::kDevice) mistake = compute::MisspeltChip(line, catalogue);
    if (line.kind() == schemas::Kind::kAllocation) mistake = compute::OversoldTime(set, line);
    if (!mistake.empty()) judgement.mistakes.push_back(std::move(mistake));
  };
  const bool judged = findings.MayJudge(30);
  if (judged && chips != nullptr) judge(*chips);
  if (judged && chips == nullptr) {
    CARNET_TRY(const compute::Catalogue shipped, compute::ShippedCatalogue());
    judge(shipped);
  }
  judgement.findings = findings.Sorted();
  return judgement;
}

}  // namespace carnet::verifier
