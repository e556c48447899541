// The shape of a model: its tensors, as a weight header shows them, and what of them costs less.
#pragma once

#include "tests/lies/account.h"
#include "tests/lies/dice.h"

namespace carnet::test::lies {

// A transformer of a few layers: dense or with experts, its output layer shared with the table of
// tokens or not, with or without a table of positions. A small one suits a CPU.
void DrawNetwork(bool small, Dice& dice, Model& model);
// Low-rank pairs on the attention of each layer of `base`.
void DrawAdapter(const Model& base, Dice& dice, Model& model);
// The same tensors, tables and experts.
void CopyNetwork(const Model& from, Model& model);
// The first layer did not train: its tensors by name. Requires a dense network.
void FreezeFirstLayer(Model& model);

uint64_t ElementsOf(const Shape& shape);
bool IsDense(const Model& model);
// Of the matrices of `base` that its adapters adapt.
uint64_t AdaptedParameters(const Model& base);
// Trained but for the lookup tables.
std::vector<Class> TrainedClasses(const Model& model, const std::vector<Table>& tables);

}  // namespace carnet::test::lies
