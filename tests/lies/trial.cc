#include "tests/lies/trial.h"

#include "tests/lies/draw_account.h"
#include "tests/lies/facts.h"
#include "tests/lies/tell.h"

namespace carnet::test::lies {
namespace {

using verifier::RejectReasonName;
using verifier::ThresholdState;
using verifier::Verdict;

std::string ThresholdText(const std::string& figure, const std::string& synthetic, Uint128 value) {
  return R"(
[[threshold]]
id = ")" +
         figure + R"("
rule = "more compute than three quarters of the truth"
figure = ")" +
         figure + R"("
edges = ["fine-tuned-from", "initialised-from", "merged-from", "adapter-on", "quantised-from", "ablated-from"]
non_public_synthetic = )" +
         synthetic + R"(
comparison = ">"
value = ")" +
         Flop(value).ToString() + R"("
when_met = "report"
status = "in force"
source = "none"
)";
}

// Thresholds that the truth meets, and no lie that takes away a quarter.
std::string PolicyFor(const Sums& truth) {
  return R"(id = "truth"
title = "Thresholds below the truth"
jurisdiction = "none"
subject = "models"
counting = "all"
checked_on = "2026-11-01"
)" + ThresholdText("total", "true", truth.total / 4 * 3) +
         ThresholdText("update", "false", truth.update / 4 * 3);
}

Verdict JudgeTold(World& world, const std::string& policy) {
  world.policy_toml = policy;
  return world.Judge();
}

std::string FirstFinding(const Verdict& verdict) {
  if (verdict.findings.empty()) return "no finding";
  const auto& first = verdict.findings.front();
  return "R" + std::to_string(first.rule()) + " " + std::string(RejectReasonName(first.reason())) +
         ": " + first.message;
}

// Why the truth is not judged as it should be; empty if it is.
std::string WrongWith(const Verdict& verdict, const Sums& sums) {
  if (verdict.decision != verifier::Decision::kPass) return FirstFinding(verdict);
  if (verdict.level.number < 1) return "level 0";
  if (verdict.thresholds.size() != 2) return "not two thresholds";
  for (size_t i = 0; i < 2; ++i) {
    const Flop sum(i == 0 ? sums.total : sums.update);
    const auto& fact = verdict.thresholds[i];
    if (fact.stated != sum.ToString()) {
      return fact.threshold + " is " + fact.stated + ", not " + sum.ToString();
    }
    if (fact.state != ThresholdState::kMet) return fact.threshold + " is not met";
  }
  return "";
}

// Statements that only another party could have changed; empty: the lie is theirs to tell.
std::string ForgedBy(const World& truth, const World& lie, const std::set<std::string>& by) {
  std::map<std::string, const Statement*> before;
  for (const Statement& statement : truth.story) before.emplace(statement.name, &statement);
  for (const Statement& statement : lie.story) {
    if (by.contains(lie.trusted_keys.at(statement.key).party)) continue;
    const auto found = before.find(statement.name);
    if (found == before.end() || found->second->draft != statement.draft) return statement.name;
  }
  return "";
}

}  // namespace

Trial Try(uint64_t seed, const std::vector<Lie>& lies, size_t most) {
  Dice dice(seed);
  const Account truth = DrawAccount(dice);
  Trial trial{.seed = seed, .world = Describe(truth)};
  const Sums sums = SumsOf(truth);
  const std::string policy = PolicyFor(sums);
  World true_world = Tell(truth);
  const Verdict honest = JudgeTold(true_world, policy);
  trial.wrong = WrongWith(honest, sums);
  if (!trial.wrong.empty()) return trial;
  const size_t first = dice.Below(lies.size());
  for (size_t i = 0; i < lies.size() && trial.told.size() < most; ++i) {
    const Lie& lie = lies[(first + i) % lies.size()];
    Account account = truth;
    Dice of_lie(dice.Next());
    if (!lie.tell(account, of_lie)) continue;
    const Effect effect = EffectOf(truth, account);
    if (effect.share < kLeastEffect) continue;
    World world = Tell(account);
    if (const std::string forged = ForgedBy(true_world, world, lie.by); !forged.empty()) {
      trial.wrong = std::string(lie.name) + " changes " + forged + ", which is another's";
      return trial;
    }
    const Verdict verdict = JudgeTold(world, policy);
    ToldLie told{.lie = lie,
                 .effect = effect.fact + " by " +
                           std::to_string(static_cast<int>(100 * effect.share)) + " %",
                 .noticed = Compare(honest, verdict)};
    if (!verdict.findings.empty()) {
      told.rule = verdict.findings.front().rule();
      told.reason = RejectReasonName(verdict.findings.front().reason());
    }
    trial.told.push_back(std::move(told));
  }
  return trial;
}

}  // namespace carnet::test::lies
