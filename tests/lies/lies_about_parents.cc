#include <algorithm>
#include <optional>

#include "tests/lies/facts.h"
#include "tests/lies/lie.h"
#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

// The place of the root's only parent, if the lab may restate its size: nobody else's weights are
// in it, and no experts.
std::optional<size_t> OwnOrigin(const Account& account) {
  const Model& root = account.root();
  if (!SignsRoot(account) || root.parents.size() != 1) return std::nullopt;
  if (!CarriesWeights(root.parents.front().edge)) return std::nullopt;
  const size_t place = root.parents.front().model;
  const Model& parent = account.models[place];
  if (parent.party != "lab" || !parent.parents.empty() || !IsDense(parent)) return std::nullopt;
  return place;
}

// The same, of a root that is as large, as the files show.
std::optional<size_t> OwnOriginOfOneSize(const Account& account) {
  const auto origin = OwnOrigin(account);
  if (!origin || !TrainsOn(account)) return std::nullopt;
  if (account.models[*origin].total != account.root().total) return std::nullopt;
  return origin;
}

// Of the edges that carry weights, only this and a merge's allow another size. The price: a
// fine-tune that froze layers is said to have trained them, so that the sum does not always fall.
void CallRetrained(const Parent& from, Model& root) {
  root.kind = "pre-training";
  root.parents = {from};
  root.parents.front().edge = "initialised-from";
  ThawAll(root);
}

// The place of a merge of the model with a cheap copy of it. A run without segments has no figure
// that a floor could be held against.
size_t MergeWithACopy(const Parent& part, Account& account, Dice& dice) {
  const size_t copy =
      InsertBeforeRoot(account, CheapCopyOf(account.models[part.model], "copy", FarLess(dice)));
  Model merge{.name = "blend", .kind = "merge"};
  CopyNetwork(account.models[part.model], merge);
  merge.parents = {{"merged-from", part.model, part.reference}, {"merged-from", copy}};
  return InsertBeforeRoot(account, std::move(merge));
}

bool ShrinkBehindAMerge(Account& account, Dice& dice) {
  const auto origin = OwnOriginOfOneSize(account);
  if (!origin) return false;
  const Uint128 before = SumsOf(account).total;
  Shrink(LittleLess(dice), account.models[*origin]);
  const size_t merge = MergeWithACopy(account.root().parents.front(), account, dice);
  account.models[merge].states_size = false;
  CallRetrained({"", merge, Reference::kCompletion}, account.root());
  return SumsOf(account).total < before;
}

// By a counter alone: classes of a base that states no size would be the signer's word.
bool ShrinkABaseBehindAMerge(Account& account, Dice& dice) {
  const auto origin = OwnOrigin(account);
  if (!origin || account.root().kind != "adapter") return false;
  Shrink(LittleLess(dice), account.models[*origin]);
  const size_t merge = MergeWithACopy(account.root().parents.front(), account, dice);
  account.models[merge].states_size = false;
  Model& root = account.root();
  root.parents = {{"adapter-on", merge, Reference::kCompletion}};
  root.classes.back().parameters = account.models[merge].active;
  root.methods = Methods::kCounter;
  Recount(root);
  return true;
}

// The base may be anybody's, and is stated as it is.
bool MergeABaseIntoAMixture(Account& account, Dice& dice) {
  if (account.root().kind != "adapter") return false;
  const Parent base = account.root().parents.front();
  if (!IsDense(account.models[base.model])) return false;
  if (RestsOnTheUnpublished(account.models[base.model])) return false;
  const size_t place = MergeWithACopy(base, account, dice);
  Model& merge = account.models[place];
  merge.active = merge.active * LittleLess(dice) / 1000;
  merge.experts_json =
      R"({"count":4,"active_per_token":1,"tensors":["layers.*.experts.{expert}.w.weight"]})";
  Model& root = account.root();
  root.parents = {{"adapter-on", place, Reference::kCompletion}};
  root.classes.back().parameters = merge.active;
  Recount(root);
  return true;
}

// The base of the published adapter is then another one, that hardly trained and is as small as its
// signer says: nothing in hand shows more than the matrices that both adapt.
bool AdaptAnAdapter(Account& account, Dice& dice) {
  if (account.root().kind != "adapter") return false;
  const Model& base = account.models[account.root().parents.front().model];
  if (!IsDense(base)) return false;
  Model first = CheapCopyOf(account.root(), "first", FarLess(dice));
  first.total = std::max(AdaptedParameters(base), base.total * LittleLess(dice) / 1000);
  first.active = first.total;
  first.classes.front().parameters = first.total;
  Recount(first);
  const size_t place = InsertBeforeRoot(account, first);
  Model& root = account.root();
  root.parents = {{"adapter-on", place}};
  root.classes.back().parameters = first.total;
  Recount(root);
  return true;
}

// Less than 5 % a generation, over so many that cost hardly anything.
bool DriftAway(Account& account, Dice& dice) {
  constexpr uint64_t kStep = 955;
  constexpr size_t kGenerations = 8;
  constexpr size_t kMostModels = 5;  // of the truth, so that all have their days
  const auto origin = OwnOriginOfOneSize(account);
  if (!origin || account.models.size() > kMostModels) return false;
  const Uint128 before = SumsOf(account).total;
  const Model whole = account.models[*origin];
  Parent from = account.root().parents.front();
  from.edge = "initialised-from";
  uint64_t share = 1000;
  std::vector<uint64_t> shares;
  for (size_t i = 0; i <= kGenerations; ++i) shares.push_back(share = share * kStep / 1000);
  Shrink(shares.back(), account.models[*origin]);
  for (size_t i = kGenerations; i-- > 0;) {
    Model next = CheapCopyOf(whole, "drift" + std::to_string(i), FarLess(dice));
    Shrink(shares[i], next);
    next.parents = {from};
    from = {"initialised-from", InsertBeforeRoot(account, next)};
  }
  CallRetrained(from, account.root());
  return SumsOf(account).total < before;
}

// The place of a parent of two lanes, of the root's shape and the lab's own.
std::optional<size_t> OwnParentOfTwoLanes(const Account& account) {
  const Model& root = account.root();
  if (root.parents.size() != 1) return std::nullopt;
  const std::string& edge = root.parents.front().edge;
  if (edge != "fine-tuned-from" && edge != "quantised-from" && edge != "ablated-from") {
    return std::nullopt;
  }
  const size_t place = root.parents.front().model;
  const Model& parent = account.models[place];
  if (parent.party != "lab" || parent.lanes.size() != 2) return std::nullopt;
  return place;
}

bool KnowParentByOneLane(Account& account, Dice&) {
  const auto parent = OwnParentOfTwoLanes(account);
  if (!parent) return false;
  account.models[*parent].lanes.pop_back();
  account.models[*parent].lanes_beside = 1;
  account.root().parents.front().reference = Reference::kLastSegment;
  return true;
}

// Each lane is shown, but of the second only how it began.
bool KnowParentByAPartOfALane(Account& account, Dice&) {
  const auto place = OwnParentOfTwoLanes(account);
  if (!place || account.models[*place].lanes[1].size() < 2) return false;
  account.models[*place].lanes[1].resize(1);
  auto& parents = account.root().parents;
  parents.front().reference = Reference::kLastSegment;
  parents.push_back({"distilled-from", *place, Reference::kLastSegment, false, 1});
  return true;
}

}  // namespace

const std::vector<Lie>& LiesAboutParents() {
  static const std::vector<Lie> lies = {
      {"a_parent_known_by_one_lane_of_two", {"lab"}, Passes::kNever, "", &KnowParentByOneLane},
      {"a_parent_known_by_a_part_of_its_second_lane",
       {"lab"},
       Passes::kNever,
       "",
       &KnowParentByAPartOfALane},
      {"a_smaller_parent_behind_a_merge_of_no_size",
       {"lab"},
       Passes::kNever,
       "",
       &ShrinkBehindAMerge},
      {"a_smaller_base_behind_a_merge_of_no_size",
       {"lab"},
       Passes::kNever,
       "",
       &ShrinkABaseBehindAMerge},
      {"a_base_merged_into_one_of_few_active_parameters",
       {"lab"},
       Passes::kNever,
       "",
       &MergeABaseIntoAMixture},
      {"an_adapter_on_a_cheap_adapter", {"lab"}, Passes::kNever, "", &AdaptAnAdapter},
      {"sizes_that_drift_from_parent_to_parent", {"lab"}, Passes::kNever, "", &DriftAway},
  };
  return lies;
}

}  // namespace carnet::test::lies
