#include "tests/lies/network.h"

namespace carnet::test::lies {
namespace {

constexpr uint64_t kPositions = 2048;

std::string Layer(uint64_t number) { return "layers." + std::to_string(number); }

void AddExperts(Dice& dice, uint64_t layers, uint64_t width, Model& model) {
  const uint64_t count = 4 * dice.Between(1, 2);
  const uint64_t active = dice.Between(1, 2);
  uint64_t elements = 0;
  for (uint64_t layer = 0; layer < layers; ++layer) {
    for (uint64_t expert = 0; expert < count; ++expert) {
      model.shapes.push_back(
          {Layer(layer) + ".experts." + std::to_string(expert) + ".w.weight", {8 * width, width}});
      elements += ElementsOf(model.shapes.back());
    }
  }
  model.experts_json = R"({"count":)" + std::to_string(count) + R"(,"active_per_token":)" +
                       std::to_string(active) +
                       R"(,"tensors":["layers.*.experts.{expert}.w.weight"]})";
  model.active = elements / count * active;  // of the experts
  model.total = elements;
}

}  // namespace

uint64_t ElementsOf(const Shape& shape) {
  uint64_t elements = 1;
  for (const uint64_t extent : shape.extents) elements *= extent;
  return elements;
}

bool IsDense(const Model& model) { return model.experts_json.empty(); }

uint64_t AdaptedParameters(const Model& base) {
  uint64_t adapted = 0;
  for (const Shape& shape : base.shapes) {
    if (shape.tensor.ends_with(".attn.weight")) adapted += ElementsOf(shape);
  }
  return adapted;
}

std::vector<Class> TrainedClasses(const Model& model, const std::vector<Table>& tables) {
  uint64_t looked_up = 0;
  for (const Table& table : tables) looked_up += table.Parameters();
  std::vector<Class> classes = {{"trained", model.active - looked_up}};
  if (looked_up > 0) classes.push_back({"lookup", looked_up, tables});
  return classes;
}

void DrawNetwork(bool small, Dice& dice, Model& model) {
  const uint64_t width = 64 * (small ? dice.Between(2, 6) : dice.Between(16, 64));
  const uint64_t words = 1000 * (small ? dice.Between(2, 6) : dice.Between(16, 128));
  const uint64_t layers = dice.Between(2, 4);
  std::vector<Table> tables;
  if (dice.Chance(20)) {
    AddExperts(dice, layers, width, model);
  } else {
    const uint64_t rows = width * dice.Between(4, 32);
    for (uint64_t layer = 0; layer < layers; ++layer) {
      model.shapes.push_back({Layer(layer) + ".mlp.weight", {rows, width}});
      model.total += rows * width;
    }
    model.active = model.total;
  }
  std::vector<Shape> others = {{"embed.weight", {words, width}}};
  if (dice.Chance(35)) {
    others.push_back({"lm_head.weight", {words, width}});
    tables.push_back({"embed.weight", "token", words, width});
  }
  if (dice.Chance(20)) {
    others.push_back({"pos_embed.weight", {kPositions, width}});
    tables.push_back({"pos_embed.weight", "position", kPositions, width});
  }
  for (uint64_t layer = 0; layer < layers; ++layer) {
    others.push_back({Layer(layer) + ".attn.weight", {4 * width, width}});
  }
  for (const Shape& shape : others) {
    model.shapes.push_back(shape);
    model.total += ElementsOf(shape);
    model.active += ElementsOf(shape);
  }
  model.classes = TrainedClasses(model, tables);
}

void DrawAdapter(const Model& base, Dice& dice, Model& model) {
  const uint64_t rank = dice.Between(8, 64);
  for (const Shape& shape : base.shapes) {
    const size_t end = shape.tensor.find(".attn.weight");
    if (end == std::string::npos) continue;
    const std::string module = shape.tensor.substr(0, end) + ".attn";
    model.shapes.push_back({module + ".lora_A.weight", {rank, shape.extents[1]}});
    model.shapes.push_back({module + ".lora_B.weight", {shape.extents[0], rank}});
  }
  for (const Shape& shape : model.shapes) model.total += ElementsOf(shape);
  model.active = model.total;
  model.classes = {{"trained", model.total}, {"frozen-under-training", base.active}};
}

void CopyNetwork(const Model& from, Model& model) {
  model.shapes = from.shapes;
  model.total = from.total;
  model.active = from.active;
  model.experts_json = from.experts_json;
  std::vector<Table> tables;
  for (const Class& each : from.classes) {
    if (each.treatment == "lookup") tables = each.tables;
  }
  model.classes = TrainedClasses(model, tables);
}

void FreezeFirstLayer(Model& model) {
  Class frozen{"forward-only", 0, {}, {}};
  for (const Shape& shape : model.shapes) {
    if (!shape.tensor.starts_with(Layer(0) + ".")) continue;
    frozen.tensors.push_back(shape.tensor);
    frozen.parameters += ElementsOf(shape);
  }
  model.classes.front().parameters -= frozen.parameters;
  model.classes.push_back(frozen);
}

}  // namespace carnet::test::lies
