#include <fmt/core.h>

#include "verifier/describe.h"
#include "verifier/policy/rules.h"

namespace carnet::verifier::policy {
namespace {

class RequirementCheck {
 public:
  RequirementCheck(const Demand& demand, const Statement& root, Findings& findings)
      : demand_(demand), root_(root), findings_(findings) {}

  void Check(std::span<const Row> rows, const Gaps& gaps, int level) {
    for (const Row& row : rows) CheckRow(row);
    const Requirements& wanted = demand_.requirements;
    const bool complete = wanted.level >= kHighestVerifiedLevel;
    Refuse(wanted.data_used_stated || complete, gaps.Of(GapKind::kDataUsed));
    Refuse(wanted.intended_deployment_stated || complete, gaps.Of(GapKind::kIntendedDeployment));
    Refuse(wanted.nothing_undisclosed || complete, gaps.Of(GapKind::kFigure));
    Refuse(wanted.not_retrospective || complete, gaps.Of(GapKind::kRetrospective));
    Refuse(complete, gaps.Of(GapKind::kSource));
    Refuse(complete, gaps.Of(GapKind::kRow));
    if (wanted.level <= kHighestVerifiedLevel || wanted.level <= level) return;
    Refuse({fmt::format("demands level {} ({}), and the passport is level {} ({})", wanted.level,
                        LevelName(wanted.level), level, LevelName(level)),
            {},
            {}});
  }

 private:
  void Refuse(const Gap& gap) {
    findings_.Add({{38, RejectReason::kPolicyRequirement},
                   demand_.policy + ": " + gap.what,
                   gap.statement.value_or(root_.id),
                   gap.line.value_or(root_.number),
                   ""});
  }

  void Refuse(bool wanted, std::span<const Gap> gaps) {
    if (!wanted) return;
    for (const Gap& gap : gaps) Refuse(gap);
  }

  bool MayBe(const Row& row) const {
    const auto id = ParseRowName(row.name);
    switch (row.status) {
      case RowStatus::kPass:
      case RowStatus::kNotApplicable:
        return true;
      case RowStatus::kUnattested:
        return id && !demand_.requirements.refuse_unattested.contains(*id);
      case RowStatus::kUndisclosed:
        return id && !demand_.requirements.refuse_undisclosed.contains(*id);
      case RowStatus::kFail:
      case RowStatus::kNotChecked:
        return false;
    }
    return false;
  }

  void CheckRow(const Row& row) {
    if (MayBe(row)) return;
    Refuse({fmt::format("row {} is {} ({}), expected pass", row.name, RowStatusName(row.status),
                        row.text),
            {},
            {}});
  }

  const Demand& demand_;
  const Statement& root_;
  Findings& findings_;
};

}  // namespace

void CheckRequirements(const Demand& demand, const Statement& root, std::span<const Row> rows,
                       const Gaps& gaps, int level, Findings& findings) {
  RequirementCheck(demand, root, findings).Check(rows, gaps, level);
}

}  // namespace carnet::verifier::policy
