#include "tests/lies/trial.h"

#include <exception>
#include <string_view>
#include <utility>

#include "tests/lies/draw_account.h"
#include "tests/lies/facts.h"
#include "tests/lies/tell.h"
#include "tests/support/value_of.h"
#include "verifier/compute/chips.h"
#include "verifier/gate.h"

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

// The whole gate, of a hub that reads its trust, policy and chips once for all that it is sent.
class Hub {
 public:
  Hub(const World& world, const Sums& truth)
      : trust_(TrustOf(world)),
        policy_(ValueOf(
            verifier::policy::ReadPolicy(PolicyFor(truth), "policy", TimestampMs(world.now)),
            "policy")) {}

  Verdict Judge(World& world) const {
    static const auto chips = ValueOf(verifier::compute::ShippedCatalogue(), "chips");
    const verifier::Gate gate(trust_, policy_, 1, &chips);
    return ValueOf(gate.Check(world.Issue(), *world.given, TimestampMs(world.now)), "gate");
  }

 private:
  // Worlds differ only in whether the lab may sign devices.
  static const trust::Trust& TrustOf(const World& world) {
    static std::map<bool, trust::Trust> known;
    const bool lab_signs = world.trusted_keys.at("lab").kinds.contains(schemas::Kind::kDevice);
    const auto found = known.find(lab_signs);
    if (found != known.end()) return found->second;
    return known.emplace(lab_signs, world.MakeTrust()).first->second;
  }

  const trust::Trust& trust_;
  const verifier::policy::Policy policy_;
};

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

// A lie is the same in one world whatever others are told there.
Dice DiceFor(uint64_t seed, const Lie& lie) {
  for (const char c : std::string_view(lie.name)) {
    seed = Dice(seed + static_cast<unsigned char>(c)).Next();
  }
  return Dice(seed);
}

bool Lowers(const Account& truth, const Account& lie) {
  const Sums before = SumsOf(truth);
  const Sums after = SumsOf(lie);
  return after.total < before.total || after.update < before.update;
}

// Nothing where this world has nothing to lie about, or too little.
void TellOne(const Account& truth, const World& true_world, const Verdict& honest, const Hub& hub,
             const Lie& lie, Dice dice, Trial& trial) {
  Account account = truth;
  if (!lie.tell(account, dice)) return;
  const Effect effect = EffectOf(truth, account);
  if (effect.share < kLeastEffect) return;
  World world = Tell(account);
  if (const std::string forged = ForgedBy(true_world, world, lie.by); !forged.empty()) {
    GiveUp("changes " + forged + ", which is another's");
  }
  const Verdict verdict = hub.Judge(world);
  ToldLie told{
      .lie = lie,
      .effect = effect.fact + " by " + std::to_string(static_cast<int>(100 * effect.share)) + " %",
      .noticed = Compare(honest, verdict, Lowers(truth, account))};
  if (!verdict.findings.empty()) {
    told.rule = verdict.findings.front().rule();
    told.reason = RejectReasonName(verdict.findings.front().reason());
  }
  trial.told.push_back(std::move(told));
}

}  // namespace

Trial Try(uint64_t seed, const std::vector<const Lie*>& lies, size_t most) {
  Dice dice(seed);
  const Account truth = DrawAccount(dice);
  Trial trial{.seed = seed, .world = Describe(truth)};
  const Sums sums = SumsOf(truth);
  World true_world = Tell(truth);
  const Hub hub(true_world, sums);
  const Verdict honest = hub.Judge(true_world);
  trial.wrong = WrongWith(honest, sums);
  if (!trial.wrong.empty()) return trial;
  for (const Lie* lie : lies) {
    if (trial.told.size() == most) break;
    try {
      TellOne(truth, true_world, honest, hub, *lie, DiceFor(seed, *lie), trial);
    } catch (const std::exception& error) {  // of a draft that no codec takes
      trial.wrong = std::string(lie->name) + ": " + error.what();
    }
  }
  return trial;
}

}  // namespace carnet::test::lies
