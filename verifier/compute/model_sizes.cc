#include "verifier/compute/model_sizes.h"

#include <algorithm>
#include <vector>

#include "statements/graph.h"
#include "verifier/compute/arithmetic.h"

namespace carnet::verifier::compute {
namespace {

using schemas::DigestOf;
using schemas::EdgeType;
using schemas::Kind;
using schemas::ReaderOf;
using statements::EdgesOf;
using statements::InputEdge;
using statements::RunBehind;

StatedSize SizeOf(const Statement& line, wire::Parameters::Reader parameters) {
  const auto total = parameters.getTotal();
  const auto active = parameters.hasActive() ? parameters.getActive() : total;
  if (total.isUndisclosed() || active.isUndisclosed()) return {&line, true, 0, 0};
  return {&line, false, total.getValue(), active.getValue()};
}

bool IsConversion(wire::RunKind kind) {
  return kind == wire::RunKind::QUANTISATION || kind == wire::RunKind::MERGE;
}

// Whether a model keeps its parent's tensors, but for their values.
bool KeepsShape(const InputEdge& edge, const StatedSize& child, const StatedSize& parent) {
  switch (edge.type) {
    case EdgeType::kFineTunedFrom:
    case EdgeType::kQuantisedFrom:
    case EdgeType::kAblatedFrom:
      return true;
    case EdgeType::kInitialisedFrom:
    case EdgeType::kMergedFrom:
      return child.known() && parent.known() && AreOfOneSize(child.total, parent.total) &&
             AreOfOneSize(child.active, parent.active);
    case EdgeType::kAdapterOn:
    case EdgeType::kDistilledFrom:
    case EdgeType::kSyntheticDataFrom:
      return false;
  }
  return false;
}

}  // namespace

ModelSizes::ModelSizes(const StatementSet& set, const Statement& root) {
  for (const Statement& line : set) {
    if (line.kind() == Kind::kRun) by_run_[line.id].run = &line;
  }
  for (const Statement& line : set) {
    if (line.kind() == Kind::kCompletion) ReadCompletion(line);
  }
  for (const Statement& line : set) {
    if (line.kind() == Kind::kPassport) ReadPassport(set, line);
  }
  ReadBases(set);
  HoldToFiles(set, root);
}

const ModelSize* ModelSizes::Of(const StatementId& run) const {
  const auto found = by_run_.find(run);
  return found == by_run_.end() ? nullptr : &found->second;
}

void ModelSizes::ReadCompletion(const Statement& line) {
  const auto completion = ReaderOf<wire::Completion>(line.predicate);
  const auto found = by_run_.find(DigestOf<StatementId>(completion.getRun()));
  if (found == by_run_.end() || !completion.hasParameters()) return;
  found->second.stated = SizeOf(line, completion.getParameters());
}

// A run may have several passports: the greatest counts where its completion states nothing.
void ModelSizes::ReadPassport(const StatementSet& set, const Statement& line) {
  const Statement* run = RunBehind(set, line);
  if (run == nullptr) return;
  StatedSize& stated = by_run_[run->id].stated;
  const bool by_completion = stated.line != nullptr && stated.line->kind() == Kind::kCompletion;
  if (by_completion) return;
  const StatedSize own = SizeOf(line, ReaderOf<wire::Passport>(line.predicate).getParameters());
  if (stated.line == nullptr || own.undisclosed || own.active > stated.active) stated = own;
}

// The frozen base takes part in each token that an adapter trains on, also where another run trains
// the adapter further. Of several bases the largest counts.
void ModelSizes::ReadBases(const StatementSet& set) {
  std::vector<ModelSize*> adapters;
  std::unordered_map<const ModelSize*, std::vector<ModelSize*>> further;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kRun) continue;
    ModelSize& size = by_run_[line.id];
    size.is_adapter = ReaderOf<wire::Run>(line.predicate).getKind() == wire::RunKind::ADAPTER;
    for (const InputEdge& edge : EdgesOf(set, line)) {
      const Statement* run = edge.target == nullptr ? nullptr : RunBehind(set, *edge.target);
      if (run == nullptr) continue;
      ModelSize& parent = by_run_[run->id];
      if (edge.type == EdgeType::kAdapterOn) {
        size.base = parent.stated;
      } else if (KeepsShape(edge, size.stated, parent.stated)) {
        further[&parent].push_back(&size);
      }
    }
    if (size.is_adapter) adapters.push_back(&size);
  }
  std::stable_sort(adapters.begin(), adapters.end(), [](const ModelSize* a, const ModelSize* b) {
    return a->base.active > b->base.active;
  });
  for (ModelSize* adapter : adapters) {
    std::vector<ModelSize*> reached = {adapter};
    while (!reached.empty()) {
      const ModelSize& from = *reached.back();
      reached.pop_back();
      for (ModelSize* size : further[&from]) {
        if (size->is_adapter) continue;
        size->is_adapter = true;
        size->base = from.base;
        reached.push_back(size);
      }
    }
  }
}

// From the root's run along edges that keep the shape, each run once.
void ModelSizes::HoldToFiles(const StatementSet& set, const Statement& root) {
  const Statement* completion = statements::CompletionOf(set, root);
  const Statement* root_run = RunBehind(set, root);
  if (root_run == nullptr || completion == nullptr) return;
  root_run_ = root_run->id;
  ModelSize& own = by_run_[*root_run_];
  const auto kind = ReaderOf<wire::Run>(root_run->predicate).getKind();
  own.held = Held::kToFiles;
  own.renamed = ReaderOf<wire::Completion>(completion->predicate).hasConverted();
  if (kind == wire::RunKind::ADAPTER) return;  // its files do not contain the base's tensors
  std::vector<ModelSize*> reached = {&own};
  while (!reached.empty()) {
    const ModelSize& child = *reached.back();
    reached.pop_back();
    const auto child_kind = ReaderOf<wire::Run>(child.run->predicate).getKind();
    for (const InputEdge& edge : EdgesOf(set, *child.run)) {
      const Statement* run = edge.target == nullptr ? nullptr : RunBehind(set, *edge.target);
      if (run == nullptr) continue;
      ModelSize& parent = by_run_[run->id];
      if (parent.held != Held::kToNothing) continue;
      if (!KeepsShape(edge, child.stated, parent.stated)) continue;
      parent.held = Held::kToItsChild;
      parent.renamed = child.renamed || IsConversion(child_kind);
      if (parent.stated.line == nullptr) parent.stated = child.stated;
      // The child's are shown by the files; a parent of its shape uses no fewer.
      if (parent.stated.known() && child.stated.known()) {
        parent.stated.active = std::max(parent.stated.active, child.stated.active);
      }
      reached.push_back(&parent);
    }
  }
}

}  // namespace carnet::verifier::compute
