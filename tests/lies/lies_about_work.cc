#include "tests/lies/facts.h"
#include "tests/lies/lie.h"

namespace carnet::test::lies {
namespace {

constexpr const char* kBand =
    "R37: honest runs differ in how busy devices are, and a policy's least share is below theirs";

bool ScaleAll(Account& account, uint64_t thousandths) {
  for (Model* model : ModelsOf(account, "lab")) ScaleWork(thousandths, *model);
  return true;
}

// Each figure by a counter alone.
void CountOnly(Model& model) {
  Recount(model);
  model.methods = Methods::kCounter;
}

bool LowerFigures(Account& account, uint64_t thousandths) {
  for (Model* model : ModelsOf(account, "lab")) {
    CountOnly(*model);
    const Uint128 per_token = FlopPerToken(model->classes);
    for (auto& lane : model->lanes) {
      for (Segment& segment : lane) {
        segment.counted = (segment.tokens * per_token * thousandths + 999) / 1000;
      }
    }
  }
  return true;
}

// Of one that carries enough of the sum.
bool FarLessWorkOfOneModel(Account& account, Dice& dice) {
  const auto own = ModelsOf(account, "lab");
  if (ReachedFrom(account).models.size() == 1) return false;
  const Uint128 before = SumsOf(account).total;
  ScaleWork(FarLess(dice), *own[dice.Below(own.size())]);
  return SumsOf(account).total < before / 10 * 7;
}

bool LowerTokensOnly(Account& account, Dice& dice) {
  const uint64_t share = LittleLess(dice);
  for (Model* model : ModelsOf(account, "lab")) {
    CountOnly(*model);
    for (auto& lane : model->lanes) {
      for (Segment& segment : lane) segment.tokens = segment.tokens * share / 1000;
    }
  }
  return true;
}

bool LeaveOutAttention(Account& account, Dice&) {
  for (Model* model : ModelsOf(account, "lab")) {
    model->attention_per_token = 0;
    Recount(*model);
  }
  return true;
}

bool LeaveOutDiscardedWork(Account& account, Dice&) {
  for (auto& lane : account.root().lanes) {
    for (Segment& segment : lane) segment.discarded = 0;
  }
  return true;
}

bool WithholdAFigure(Account& account, Dice& dice) {
  if (!SignsRoot(account)) return false;
  auto& lane = account.root().lanes.front();
  lane[dice.Below(lane.size())].withheld = true;
  return true;
}

bool LeaveOutSegments(Account& account, Dice&) {
  bool any = false;
  for (auto& lane : account.root().lanes) {
    if (lane.size() < 2) continue;
    lane.resize(1);
    any = true;
  }
  return any;
}

bool LeaveOutALane(Account& account, Dice&) {
  if (account.root().lanes.size() < 2) return false;
  account.root().lanes.pop_back();
  return true;
}

bool CallWorkARollback(Account& account, Dice&) {
  bool any = false;
  for (auto& lane : account.root().lanes) {
    if (lane.size() < 3 || lane.back().weights_from) continue;
    lane.back().weights_from = 0;
    any = true;
  }
  return any;
}

bool SumAlongNoEdge(Account& account, Dice&) {
  if (account.root().party != "lab" || CarriersOf(account).size() == 1) return false;
  const auto own = ModelsOf(account, "lab");
  if (own.size() != ReachedFrom(account).models.size()) return false;  // others sum as they did
  account.edges.clear();
  return true;
}

// The peaks of other chips nobody knows.
bool OverstateBeyondThePeak(Account& account, Dice& dice) {
  for (const size_t place : ReachedFrom(account).devices) {
    const Chip* chip = account.devices[place].chip;
    if (chip != nullptr && !chip->listed) return false;
  }
  return ScaleAll(account, dice.Between(12'000, 100'000));
}

bool OverstateWork(Account& account, Dice& dice) {
  return ScaleAll(account, dice.Between(1450, 1750));
}

}  // namespace

const std::vector<Lie>& LiesAboutWork() {
  static const std::vector<Lie> lies = {
      {"fewer_tokens_and_less_work",
       {"lab"},
       Passes::kKnown,
       kBand,
       [](Account& a, Dice& dice) { return ScaleAll(a, LittleLess(dice)); }},
      {"hardly_any_tokens_and_work",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice& dice) { return SignsAllWork(a, "lab") && ScaleAll(a, FarLess(dice)); }},
      {"hardly_any_work_of_one_model_of_several",
       {"lab"},
       Passes::kNever,
       "",
       &FarLessWorkOfOneModel},
      {"no_work_at_all",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return SignsAllWork(a, "lab") && ScaleAll(a, 0); }},
      {"figures_at_the_floor",
       {"lab"},
       Passes::kKnown,
       "R35: figures may be 30 % below the floor",
       [](Account& a, Dice&) { return LowerFigures(a, 700); }},
      {"figures_below_the_floor",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice& dice) { return LowerFigures(a, dice.Between(1, 650)); }},
      {"fewer_tokens_for_the_same_work",
       {"lab"},
       Passes::kKnown,
       "R35: nothing bounds the work of a token from above",
       &LowerTokensOnly},
      {"no_attention",
       {"lab"},
       Passes::kKnown,
       "R35: the floor does not know the attention",
       &LeaveOutAttention},
      {"no_discarded_work",
       {"lab"},
       Passes::kKnown,
       "S9: only the signer knows what it generated or discarded",
       &LeaveOutDiscardedWork},
      {"a_figure_withheld", {"lab"}, Passes::kNever, "", &WithholdAFigure},
      {"segments_left_out", {"lab"}, Passes::kKnown, kBand, &LeaveOutSegments},
      {"a_lane_left_out", {"lab"}, Passes::kKnown, kBand, &LeaveOutALane},
      {"work_called_a_rollback",
       {"lab"},
       Passes::kKnown,
       "R37: shown in words; counted where the policy says so",
       &CallWorkARollback},
      {"a_passports_sum_along_no_edge",
       {"lab"},
       Passes::kKnown,
       "R37: shown in words, after the sum that the policy chose",
       &SumAlongNoEdge},
      {"more_tokens_and_work",
       {"lab"},
       Passes::kKnown,
       "R33: up to the devices' peak, nothing shows that work was not done",
       &OverstateWork},
      {"more_work_than_the_devices_can_do", {"lab"}, Passes::kNever, "", &OverstateBeyondThePeak},
  };
  return lies;
}

}  // namespace carnet::test::lies
