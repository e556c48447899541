#include "tests/lies/lie.h"
#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

constexpr const char* kConcealed =
    "a parent that nobody names: only its own signer, or the weights, could speak";

bool ConcealParent(Account& account, Dice&) {
  if (!TrainsOn(account)) return false;
  account.root().kind = "pre-training";
  account.root().parents.clear();
  ThawAll(account.root());
  return true;
}

bool OpenParent(Account& account, Reference reference, bool undisclosed) {
  Model& root = account.root();
  if (root.parents.empty() || root.kind == "adapter") return false;
  root.parents.front().reference = reference;
  root.parents.front().undisclosed = undisclosed;
  return true;
}

// A cheap model of the same shape that was never trained takes the parent's place.
bool SwapParent(Account& account, Dice& dice) {
  if (account.root().parents.empty() || account.root().kind == "merge") return false;
  const Model& parent = account.models[account.root().parents.front().model];
  if (parent.lanes.empty() || RestsOnTheUnpublished(parent)) return false;
  const size_t cheap = InsertBeforeRoot(account, CheapCopyOf(parent, "cheap", FarLess(dice)));
  account.root().parents.front() = {account.root().parents.front().edge, cheap};
  return true;
}

bool CallDistilled(Account& account, Dice&) {
  if (!TrainsOn(account) || account.root().parents.size() != 1) return false;
  account.root().kind = "distillation";
  account.root().parents.front().edge = "distilled-from";
  ThawAll(account.root());
  return true;
}

bool CallQuantised(Account& account, Dice&) {
  Model& root = account.root();
  if (!TrainsOn(account) || root.parents.size() != 1) return false;
  if (root.total != account.models[root.parents.front().model].total) return false;
  if (root.weights == Weights::kFp8) return false;  // which shows a conversion
  root.kind = "quantisation";
  root.parents.front().edge = "quantised-from";
  root.lanes.clear();
  return true;
}

// Of a parent with itself: its passport and its completion are two statements.
bool CallMerged(Account& account, Dice&) {
  Model& root = account.root();
  if (!TrainsOn(account) || root.parents.size() != 1) return false;
  const size_t parent = root.parents.front().model;
  if (root.total != account.models[parent].total || account.models[parent].party != "lab") {
    return false;
  }
  root.kind = "merge";
  root.parents = {{"merged-from", parent, Reference::kPassport},
                  {"merged-from", parent, Reference::kCompletion}};
  root.lanes.clear();
  return true;
}

// Not the published run, but one of the lab's before it.
bool CallParentQuantised(Account& account, Dice&) {
  Model& root = account.root();
  if (!TrainsOn(account) || root.parents.size() != 1) return false;
  Model& parent = account.models[root.parents.front().model];
  if (parent.party != "lab" || parent.parents.size() != 1) return false;
  if (!CarriesWeights(parent.parents.front().edge)) return false;
  if (parent.total != account.models[parent.parents.front().model].total) return false;
  parent.kind = "quantisation";
  parent.parents.front().edge = "quantised-from";
  parent.lanes.clear();
  return true;
}

// Of the parent with the model that it was made from: all that it merges is genuine.
bool CallMergedWithAncestor(Account& account, Dice&) {
  Model& root = account.root();
  if (!TrainsOn(account) || root.parents.size() != 1) return false;
  const Parent parent = root.parents.front();
  const Model& from = account.models[parent.model];
  if (from.parents.size() != 1 || !CarriesWeights(from.parents.front().edge)) return false;
  const Parent ancestor = from.parents.front();
  if (ancestor.reference != Reference::kPassport && from.party != "lab") return false;
  if (from.total != root.total || account.models[ancestor.model].total != root.total) return false;
  root.kind = "merge";
  root.parents = {{"merged-from", parent.model, parent.reference},
                  {"merged-from", ancestor.model, ancestor.reference}};
  root.lanes.clear();
  return true;
}

bool CallQuantisedInPart(Account& account, Dice& dice) {
  if (!CallQuantised(account, dice)) return false;
  account.root().weights = Weights::kFewFp8;
  return true;
}

// An adapter that hardly trained, and the rest as another run's work on its few parameters.
bool CallAdaptersTrainingAFineTune(Account& account, Dice&) {
  if (account.root().kind != "adapter" || !SignsRoot(account)) return false;
  const size_t first = InsertBeforeRoot(account, CheapCopyOf(account.root(), "first", 1));
  Model& root = account.root();
  root.attention_per_token = 0;  // is in no floor, and a base may use few of its experts
  for (auto& lane : root.lanes) {
    for (Segment& segment : lane) {
      segment.counted = UpdateFlop(root, segment) / 5;
      segment.discarded = 0;
    }
  }
  root.kind = "fine-tune";
  root.methods = Methods::kCounter;
  root.classes = {{"trained", root.total, {}, {}}};
  root.parents = {{"fine-tuned-from", first}};
  return true;
}

bool ConcealTeacher(Account& account, Dice&) {
  Model& root = account.root();
  if (root.kind != "distillation") return false;
  root.kind = "pre-training";
  root.parents.clear();
  return true;
}

bool ConcealPart(Account& account, Dice&) {
  Model& root = account.root();
  if (root.kind != "merge" || root.parents.size() < 3) return false;
  root.parents.pop_back();
  return true;
}

bool SkipAGeneration(Account& account, Dice&) {
  Model& root = account.root();
  if (root.parents.size() != 1 || !CarriesWeights(root.parents.front().edge)) return false;
  const Model& parent = account.models[root.parents.front().model];
  if (parent.parents.empty() || parent.parents.front().edge != "fine-tuned-from") return false;
  if (RestsOnTheUnpublished(parent)) return false;
  root.parents.front().model = parent.parents.front().model;
  root.parents.front().reference = Reference::kPassport;
  return true;
}

}  // namespace

const std::vector<Lie>& LiesAboutLineage() {
  static const std::vector<Lie> lies = {
      {"a_parent_concealed", {"lab"}, Passes::kByNature, kConcealed, &ConcealParent},
      {"a_parent_without_its_passport",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return OpenParent(a, Reference::kNothing, false); }},
      {"a_parent_undisclosed",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return OpenParent(a, Reference::kNothing, true); }},
      {"another_parent_that_cost_hardly_anything",
       {"lab"},
       Passes::kByNature,
       kConcealed,
       &SwapParent},
      {"training_called_distillation", {"lab"}, Passes::kByNature, kConcealed, &CallDistilled},
      {"training_called_quantisation", {"lab"}, Passes::kNever, "", &CallQuantised},
      {"training_called_a_merge", {"lab"}, Passes::kNever, "", &CallMerged},
      {"a_parents_training_called_quantisation", {"lab"}, Passes::kNever, "", &CallParentQuantised},
      {"training_called_a_merge_with_an_ancestor",
       {"lab"},
       Passes::kNever,
       "",
       &CallMergedWithAncestor},
      {"training_called_quantisation_of_a_part", {"lab"}, Passes::kNever, "", &CallQuantisedInPart},
      {"an_adapters_training_called_a_fine_tune_of_it",
       {"lab"},
       Passes::kNever,
       "",
       &CallAdaptersTrainingAFineTune},
      {"a_teacher_concealed", {"lab"}, Passes::kByNature, kConcealed, &ConcealTeacher},
      {"a_part_of_a_merge_concealed", {"lab"}, Passes::kByNature, kConcealed, &ConcealPart},
      {"a_generation_skipped", {"lab"}, Passes::kByNature, kConcealed, &SkipAGeneration},
  };
  return lies;
}

}  // namespace carnet::test::lies
