#include "verifier/judge_statement.h"

#include "verifier/compute/verify.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier {

Result<StatementJudgement> JudgeStatement(const StatementSet& set, const Statement& line,
                                          TimestampMs now, const compute::Catalogue* chips) {
  Findings findings;
  lineage::JudgeStatement(set, line, now, findings);
  StatementJudgement judgement;
  const auto judge = [&](const compute::Catalogue& catalogue) {
    judgement.undisclosed = compute::JudgeStatement(set, line, catalogue, findings);
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
