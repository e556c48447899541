#include <algorithm>

#include "tests/lies/lie.h"
#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

bool IsDenseRoot(const Account& account) {
  return SignsRoot(account) && account.root().kind != "adapter" && IsDense(account.root());
}

// Whoever lies about classes states them: without any, every parameter counts as trained.
void StateClasses(Model& model) {
  if (!IsHeldByArchitecture(model.methods)) model.methods = Methods::kArchitectureAndCounter;
  Recount(model);
}

Table AsTable(const Shape& shape, const std::string& role) {
  return {shape.tensor, role, shape.extents[0], shape.extents[1]};
}

// One more matrix of the model's is looked up.
void LookUp(const Shape& shape, const std::string& role, Model& model) {
  std::vector<Table> tables;
  for (const Class& each : model.classes) {
    if (each.treatment == "lookup") tables = each.tables;
  }
  tables.push_back(AsTable(shape, role));
  model.classes = TrainedClasses(model, tables);
  StateClasses(model);
}

// Its largest, which is no table.
const Shape& LargestOf(const Model& model) {
  return *std::max_element(
      model.shapes.begin(), model.shapes.end(),
      [](const Shape& a, const Shape& b) { return ElementsOf(a) < ElementsOf(b); });
}

bool CallMatrixATable(Account& account, Dice&) {
  if (!IsDenseRoot(account)) return false;
  Model& root = account.root();
  for (const Shape& shape : root.shapes) {
    if (shape.tensor.find("mlp") == shape.tensor.npos) continue;
    const Shape named = shape;
    LookUp(named, "image-token", root);
    return true;
  }
  return false;
}

bool LookUp(const char* tensor, const char* role, Account& account) {
  if (!IsDenseRoot(account)) return false;
  Model& root = account.root();
  for (const Class& each : root.classes) {
    for (const Table& table : each.tables) {
      if (table.tensor == tensor) return false;
    }
  }
  for (const Shape& shape : root.shapes) {
    if (shape.tensor != tensor) continue;
    const Shape named = shape;
    LookUp(named, role, root);
    return true;
  }
  return false;
}

// So small a table that the figure stays within the margin of the floor. Alone it hides little;
// with it a lab also states fewer tokens, as it may.
bool LookUpASmallSharedTable(Account& account, Dice& dice) {
  constexpr uint64_t kPercent = 29;
  Model& root = account.root();
  for (const Shape& shape : root.shapes) {
    const bool small = ElementsOf(shape) * 100 < root.active * kPercent;
    if (shape.tensor != "embed.weight" || !small) continue;
    root.attention_per_token = 0;  // which would make up for the table
    if (!LookUp("embed.weight", "token", account)) return false;
    const uint64_t share = LittleLess(dice);
    for (Model* model : ModelsOf(account, "lab")) ScaleWork(share, *model);
    return true;
  }
  return false;
}

// The files themselves are published with another name for a matrix.
bool RenameMatrix(Account& account, Dice&) {
  if (!IsDenseRoot(account) || account.root().weights != Weights::kPlain) return false;
  Model& root = account.root();
  for (Shape& shape : root.shapes) {
    if (shape.tensor != "layers.0.mlp.weight") continue;
    shape.tensor = "layers.0.pos_embed.weight";
    const Shape named = shape;
    LookUp(named, "image-position", root);
    return true;
  }
  return false;
}

bool Freeze(Account& account, const std::string& treatment) {
  if (!IsDenseRoot(account)) return false;
  Model& root = account.root();
  if (root.classes.size() > 1 && root.classes.back().treatment == "forward-only") return false;
  Class frozen{treatment, 0, {}, {}};
  for (const Shape& shape : root.shapes) {
    if (!shape.tensor.starts_with("layers.")) continue;
    frozen.tensors.push_back(shape.tensor);
    frozen.parameters += ElementsOf(shape);
  }
  root.classes.front().parameters -= frozen.parameters;
  root.classes.push_back(frozen);
  StateClasses(root);
  return true;
}

bool FreezeFromRandom(Account& account, bool with_attention) {
  const bool attends = account.root().attention_per_token > 0;
  return attends == with_attention && account.root().parents.empty() &&
         Freeze(account, "forward-only");
}

bool FreezeFineTune(Account& account, Dice& dice) {
  const bool carries =
      !account.root().parents.empty() && CarriesWeights(account.root().parents.front().edge);
  return carries && Freeze(account, dice.Chance(50) ? "forward-only" : "frozen-under-training");
}

bool FreezeAdaptersBaseForward(Account& account, Dice&) {
  Model& root = account.root();
  if (root.kind != "adapter") return false;
  root.classes.back().treatment = "forward-only";
  Recount(root);
  return true;
}

bool ShrinkRoot(Account& account, Dice& dice) {
  if (!SignsRoot(account) || account.root().weights == Weights::kUnreadable) return false;
  Shrink(LittleLess(dice), account.root());
  return true;
}

bool ShrinkUnreadable(Account& account, Dice& dice) {
  if (account.root().weights != Weights::kUnreadable) return false;
  for (Model* model : ModelsOf(account, "lab")) Shrink(FarLess(dice), *model);
  return true;
}

// Of a parent whose size the child's files show.
bool ShrinkParent(Account& account, Dice& dice) {
  const Model& root = account.root();
  if (root.parents.empty() || root.parents.front().edge == "initialised-from") return false;
  if (root.kind == "distillation" || root.kind == "adapter" || root.kind == "merge") return false;
  Model& parent = account.models[root.parents.front().model];
  if (parent.party != "lab" || !IsDense(parent)) return false;
  Shrink(FarLess(dice), parent);
  return true;
}

bool ShrinkPart(Account& account, Dice& dice) {
  if (account.root().kind != "merge") return false;
  Model& part = account.models[account.root().parents.back().model];
  if (part.party != "lab") return false;
  Shrink(FarLess(dice), part);
  return true;
}

// By no more than a merge of parts side by side might be.
bool ShrinkPartALittle(Account& account, Dice& dice) {
  if (account.root().kind != "merge") return false;
  Model& part = account.models[account.root().parents.back().model];
  if (part.party != "lab" || !IsDense(part)) return false;
  Shrink(LittleLess(dice), part);
  return true;
}

// Parts side by side, where the merge is an average.
bool ShrinkAllParts(Account& account, Dice&) {
  Model& root = account.root();
  if (root.kind != "merge") return false;
  for (const Parent& each : root.parents) {
    const Model& part = account.models[each.model];
    if (part.party != "lab" || !part.parents.empty() || !IsDense(part)) return false;
  }
  for (const Parent& each : root.parents) {
    Model& part = account.models[each.model];
    const uint64_t share = root.total / root.parents.size() + 1;
    part.total = part.active = share;
    part.classes = {{"trained", share, {}, {}}};
    Recount(part);
  }
  return true;
}

// A parent of another size, known by its last segment: no statement of its size is enclosed.
bool ShrinkResizedSegment(Account& account, Dice& dice) {
  Model& root = account.root();
  if (root.parents.empty() || root.parents.front().edge != "initialised-from") return false;
  Model& parent = account.models[root.parents.front().model];
  if (parent.party != "lab" || !parent.parents.empty() || !parent.recorder.empty()) return false;
  if (parent.lanes.size() != 1 || !IsDense(parent)) return false;
  Shrink(LittleLess(dice), parent);
  StateClasses(parent);
  root.parents.front().reference = Reference::kLastSegment;
  return true;
}

bool ShrinkTeacher(Account& account, Dice& dice) {
  const Model& root = account.root();
  if (root.kind != "distillation") return false;
  Model& teacher = account.models[root.parents.front().model];
  if (teacher.party != "lab" || !teacher.parents.empty()) return false;
  Shrink(FarLess(dice), teacher);
  return true;
}

bool ShrinkResizedParent(Account& account, Dice& dice) {
  const Model& root = account.root();
  if (root.parents.empty() || root.parents.front().edge != "initialised-from") return false;
  Model& parent = account.models[root.parents.front().model];
  if (parent.party != "lab" || !parent.parents.empty()) return false;
  Shrink(FarLess(dice), parent);
  return true;
}

bool ShrinkAdaptersBase(Account& account, Dice& dice) {
  Model& root = account.root();
  if (root.kind != "adapter") return false;
  Model& base = account.models[root.parents.front().model];
  if (base.party != "lab" || !base.parents.empty()) return false;
  Shrink(FarLess(dice), base);
  root.classes.back().parameters = base.active;
  Recount(root);
  return true;
}

// As small as the matrices that the adapter adapts.
bool CutTheBaseToItsMatrices(Account& account, Dice&) {
  Model& root = account.root();
  if (root.kind != "adapter") return false;
  Model& base = account.models[root.parents.front().model];
  if (base.party != "lab" || !base.parents.empty()) return false;
  const uint64_t least = AdaptedParameters(base);
  base.total = base.active = least;
  base.experts_json.clear();
  base.classes = {{"trained", least}};
  Recount(base);
  root.classes.back().parameters = least;
  Recount(root);
  return true;
}

bool CallDenseAMixture(Account& account, Dice&) {
  if (!IsDenseRoot(account) || account.root().weights == Weights::kUnreadable) return false;
  Model& root = account.root();
  root.experts_json =
      R"({"count":2,"active_per_token":1,"tensors":["layers.{expert}.mlp.weight"]})";
  root.active = root.active - ElementsOf(LargestOf(root));
  root.classes = TrainedClasses(root, {});
  Recount(root);
  return true;
}

bool UseFewerExperts(Account& account, Dice&) {
  Model& root = account.root();
  if (!SignsRoot(account) || IsDense(root) || root.kind == "adapter") return false;
  const std::string one = R"("active_per_token":1)";
  const size_t two = root.experts_json.find(R"("active_per_token":2)");
  if (two == std::string::npos) return false;
  root.experts_json.replace(two, one.size(), one);
  uint64_t experts = 0;
  for (const Shape& shape : root.shapes) {
    if (shape.tensor.find("experts") != shape.tensor.npos) experts += ElementsOf(shape);
  }
  const uint64_t count = root.experts_json.starts_with(R"({"count":4)") ? 4 : 8;
  root.active -= experts / count;
  root.classes.front().parameters -= experts / count;
  Recount(root);
  return true;
}

bool UseFewerParametersThanExperts(Account& account, Dice&) {
  Model& root = account.root();
  if (!SignsRoot(account) || IsDense(root) || root.kind == "adapter") return false;
  root.active = root.active * 6 / 10;
  root.classes = TrainedClasses(root, {});
  Recount(root);
  return true;
}

}  // namespace

const std::vector<Lie>& LiesAboutSize() {
  static const std::vector<Lie> lies = {
      {"a_matrix_called_a_lookup_table", {"lab"}, Passes::kNever, "", &CallMatrixATable},
      {"a_shared_table_called_a_lookup",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) {
         return a.root().attention_per_token == 0 && LookUp("embed.weight", "token", a);
       }},
      {"a_small_shared_table_called_a_lookup",
       {"lab"},
       Passes::kNever,
       "",
       &LookUpASmallSharedTable},
      {"the_output_layer_called_a_lookup",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return LookUp("lm_head.weight", "image-token", a); }},
      {"a_matrix_renamed_in_the_files",
       {"lab"},
       Passes::kKnown,
       "R35: whether a tensor is what the published files call it, no header shows",
       &RenameMatrix},
      {"layers_frozen_from_random_weights",
       {"lab"},
       Passes::kNever,
       "",
       [](Account& a, Dice&) { return FreezeFromRandom(a, false); }},
      {"classes_that_attention_makes_up_for",
       {"lab"},
       Passes::kKnown,
       "R35: the floor counts no attention, so that what is stated of it fills the gap",
       [](Account& a, Dice&) { return FreezeFromRandom(a, true); }},
      {"layers_called_frozen", {"lab"}, Passes::kNever, "", &FreezeFineTune},
      {"an_adapters_base_that_only_ran_forward",
       {"lab"},
       Passes::kNever,
       "",
       &FreezeAdaptersBaseForward},
      {"fewer_parameters_than_the_files_have", {"lab"}, Passes::kNever, "", &ShrinkRoot},
      {"fewer_parameters_in_unreadable_files", {"lab"}, Passes::kNever, "", &ShrinkUnreadable},
      {"a_smaller_parent_of_the_same_shape", {"lab"}, Passes::kNever, "", &ShrinkParent},
      {"a_smaller_part_of_a_merge", {"lab"}, Passes::kNever, "", &ShrinkPart},
      {"a_somewhat_smaller_part_of_a_merge", {"lab"}, Passes::kNever, "", &ShrinkPartALittle},
      {"an_average_called_parts_side_by_side", {"lab"}, Passes::kNever, "", &ShrinkAllParts},
      {"a_smaller_parent_known_by_its_segment", {"lab"}, Passes::kNever, "", &ShrinkResizedSegment},
      {"a_smaller_teacher",
       {"lab"},
       Passes::kByNature,
       "no file in hand shows the size of a model that lends no weights",
       &ShrinkTeacher},
      {"a_smaller_parent_that_was_resized", {"lab"}, Passes::kNever, "", &ShrinkResizedParent},
      {"a_smaller_base_of_an_adapter", {"lab"}, Passes::kNever, "", &ShrinkAdaptersBase},
      {"a_base_of_no_more_than_the_adapted_matrices",
       {"lab"},
       Passes::kKnown,
       "R35: an adapter shows only the matrices that it adapts",
       &CutTheBaseToItsMatrices},
      {"a_dense_model_called_a_mixture", {"lab"}, Passes::kNever, "", &CallDenseAMixture},
      {"fewer_experts_for_each_token", {"lab"}, Passes::kNever, "", &UseFewerExperts},
      {"fewer_parameters_than_the_experts_have",
       {"lab"},
       Passes::kNever,
       "",
       &UseFewerParametersThanExperts},
  };
  return lies;
}

}  // namespace carnet::test::lies
