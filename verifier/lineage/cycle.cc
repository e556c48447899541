// R27, on digests: a statement cannot refer to itself, but a model digest can come back.
//
//   model ──► run that made it ──► models of its edges ──► …
//
// A node is a class of digests that are one model (of a passport, its completion, its last
// segments), or a run. Nodes without an unvisited child are removed, in any order; what cannot be
// removed is on or behind a cycle.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using statements::InputEdge;

// Digests as numbers, joined to classes (union-find with path halving).
class Models {
 public:
  size_t Number(const ModelDigest& digest) {
    const auto [found, is_new] = numbers_.try_emplace(digest, digests_.size());
    if (is_new) {
      digests_.push_back(digest);
      parents_.push_back(found->second);
    }
    return found->second;
  }
  size_t ClassOf(size_t number) {
    while (parents_[number] != number) {
      parents_[number] = parents_[parents_[number]];
      number = parents_[number];
    }
    return number;
  }
  void Join(size_t a, size_t b) { parents_[ClassOf(a)] = ClassOf(b); }

  size_t size() const { return digests_.size(); }
  const ModelDigest& digest(size_t number) const { return digests_[number]; }

 private:
  std::unordered_map<ModelDigest, size_t> numbers_;
  std::vector<ModelDigest> digests_;
  std::vector<size_t> parents_;
};

using Arcs = std::vector<std::pair<size_t, size_t>>;  // from child to ancestor

class Ancestry {
 public:
  explicit Ancestry(const StatementSet& set) : set_(set) {
    for (const Statement& line : set) {
      if (line.kind() == Kind::kPassport) JoinOne(line, *CompletionOf(set, line));
      if (line.kind() != Kind::kCompletion) continue;
      for (const Statement* last : LastOf(set, line)) JoinOne(line, *last);
      AddMaker(line);
    }
    for (const Statement& line : set) {
      if (line.kind() == Kind::kRun) AddEdges(line);
    }
  }

  // Nodes: models by their number, then runs. Arcs go between classes.
  size_t NodeCount() const { return models_.size() + runs_.size(); }
  Arcs ClassArcs() {
    Arcs arcs;
    for (const auto& [model, run] : made_by_) {
      arcs.emplace_back(models_.ClassOf(model), models_.size() + run);
    }
    for (const auto& [run, model] : made_from_) {
      arcs.emplace_back(models_.size() + run, models_.ClassOf(model));
    }
    return arcs;
  }

  bool IsModel(size_t node) const { return node < models_.size(); }
  const ModelDigest& digest(size_t model) const { return models_.digest(model); }
  const Statement& run(size_t node) const { return *runs_[node - models_.size()]; }

 private:
  void JoinOne(const Statement& a, const Statement& b) {
    const auto one = ModelOf(a);
    const auto other = ModelOf(b);
    if (one && other) models_.Join(models_.Number(*one), models_.Number(*other));
  }

  size_t RunNumber(const Statement& run) {
    const auto [found, is_new] = run_numbers_.try_emplace(&run, runs_.size());
    if (is_new) runs_.push_back(&run);
    return found->second;
  }

  // `line` is a completion, or a segment that is an input.
  void AddMaker(const Statement& line) {
    const auto model = ModelOf(line);
    if (model) made_by_.emplace_back(models_.Number(*model), RunNumber(*RunOf(set_, line)));
  }

  void AddEdges(const Statement& run) {
    for (const InputEdge& edge : EdgesOf(set_, run)) {
      if (edge.model) made_from_.emplace_back(RunNumber(run), models_.Number(*edge.model));
      if (edge.target == nullptr) continue;
      const auto target = ModelOf(*edge.target);
      if (target) made_from_.emplace_back(RunNumber(run), models_.Number(*target));
      if (edge.target->kind() == Kind::kSegment) AddMaker(*edge.target);
    }
  }

  const StatementSet& set_;
  Models models_;
  std::unordered_map<const Statement*, size_t> run_numbers_;
  std::vector<const Statement*> runs_;
  Arcs made_by_;    // model, run
  Arcs made_from_;  // run, model
};

using Neighbours = std::vector<std::vector<size_t>>;

Neighbours Adjacent(const Arcs& arcs, size_t nodes) {
  Neighbours ancestors(nodes);
  for (const auto& [from, to] : arcs) ancestors[from].push_back(to);
  return ancestors;
}

// The nodes that remain when those without a remaining child are removed, again and again.
std::vector<bool> OnOrBehindCycle(const Neighbours& ancestors) {
  std::vector<size_t> children(ancestors.size());
  for (const auto& targets : ancestors) {
    for (const size_t target : targets) ++children[target];
  }
  std::vector<size_t> free;
  for (size_t node = 0; node < children.size(); ++node) {
    if (children[node] == 0) free.push_back(node);
  }
  std::vector<bool> remains(ancestors.size(), true);
  while (!free.empty()) {
    const size_t node = free.back();
    free.pop_back();
    remains[node] = false;
    for (const size_t target : ancestors[node]) {
      if (--children[target] == 0) free.push_back(target);
    }
  }
  return remains;
}

// For every node that remains, a child that remains: each has one, so walking from child to child
// ends in a loop.
std::vector<size_t> RemainingChildren(const Neighbours& ancestors,
                                      const std::vector<bool>& remains) {
  std::vector<size_t> child(ancestors.size());
  for (size_t node = 0; node < ancestors.size(); ++node) {
    if (!remains[node]) continue;
    for (const size_t target : ancestors[node]) child[target] = node;
  }
  return child;
}

}  // namespace

void CheckCycle(const StatementSet& set, Findings& findings) {
  Ancestry ancestry(set);
  const Neighbours ancestors = Adjacent(ancestry.ClassArcs(), ancestry.NodeCount());
  const std::vector<bool> remains = OnOrBehindCycle(ancestors);
  const auto left = std::find(remains.begin(), remains.end(), true);
  if (left == remains.end()) return;
  const std::vector<size_t> child = RemainingChildren(ancestors, remains);
  auto node = static_cast<size_t>(left - remains.begin());
  for (size_t step = 0; step < child.size(); ++step) node = child[node];
  const size_t run = ancestry.IsModel(node) ? child[node] : node;  // they alternate
  findings.Add(FindingAbout(ancestry.run(run), {27, RejectReason::kCycle},
                            "makes model " + ShortDigest(ancestry.digest(child[run]).span()) +
                                ", which is among its own ancestors"));
}

}  // namespace carnet::verifier::lineage
