// R35: a run that converts nothing may be training by another name, which states no work. So may
// one of another kind that states no work, and the conversion of a finished model.
#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "statements/graph.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/upper_bound.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::EdgeType;
using schemas::Kind;
using schemas::ReaderOf;
using statements::EdgesOf;
using statements::InputEdge;

wire::RunKind KindOf(const Statement& run) { return ReaderOf<wire::Run>(run.predicate).getKind(); }

// The runs that weights came from. What a file asks for is bounded, as each merge in it is followed
// down to the random weights: 10^7 takes about a second.
class Ancestry {
 public:
  explicit Ancestry(const StatementSet& set) : set_(set) {}

  // Whether all parts of the merge are one model, or models that one of them was made from: what is
  // merged then is training that is called something else, or next to nothing.
  bool IsOfOneLine(const Statement& merge) {
    std::set<ModelDigest> models;
    std::unordered_set<const Statement*> runs;
    bool all_enclosed = true;
    for (const InputEdge& edge : EdgesOf(set_, merge)) {
      if (edge.type != EdgeType::kMergedFrom || !edge.model) continue;
      models.insert(*edge.model);
      const Statement* run = edge.target == nullptr ? nullptr : RunBehind(set_, *edge.target);
      if (run != nullptr) runs.insert(run);
      all_enclosed = all_enclosed && run != nullptr;
    }
    if (models.size() == 1) return true;
    return all_enclosed && std::any_of(runs.begin(), runs.end(), [&](const Statement* run) {
             return LeadsToAll(*run, runs);
           });
  }

 private:
  bool LeadsToAll(const Statement& from, const std::unordered_set<const Statement*>& runs) {
    std::unordered_set<const Statement*> met = {&from};
    std::vector<const Statement*> left = {&from};
    size_t found = 0;
    while (!left.empty()) {
      const Statement& run = *left.back();
      left.pop_back();
      if (runs.contains(&run) && ++found == runs.size()) return true;
      for (const Statement* parent : ParentsOf(run)) {
        if (++steps_ > kMaxSteps) return true;  // not ruled out
        if (met.insert(parent).second) left.push_back(parent);
      }
    }
    return false;
  }

  const std::vector<const Statement*>& ParentsOf(const Statement& run) {
    const auto [found, is_new] = parents_.try_emplace(&run);
    if (!is_new) return found->second;
    for (const InputEdge& edge : EdgesOf(set_, run)) {
      if (!schemas::CarriesWeights(edge.type) || edge.target == nullptr) continue;
      const Statement* parent = RunBehind(set_, *edge.target);
      if (parent != nullptr) found->second.push_back(parent);
    }
    return found->second;
  }

  static constexpr size_t kMaxSteps = 10'000'000;
  const StatementSet& set_;
  std::unordered_map<const Statement*, std::vector<const Statement*>> parents_;
  size_t steps_ = 0;
};

// Empty where the files show that it does convert.
std::string ReasonAgainstQuantisation(bool own, const WeightFiles& files) {
  if (!own) return "a quantisation whose files are not at hand";
  if (files.largest() == nullptr) return "a quantisation whose files cannot be read";
  if (files.quantised()) return "";
  return "a quantisation whose files have values of 16 bits or more";
}

bool IsConversion(const Statement& run) {
  return KindOf(run) == wire::RunKind::MERGE || KindOf(run) == wire::RunKind::QUANTISATION;
}

// Runs that claim no work at all, though models came out of them.
class WithoutWork {
 public:
  explicit WithoutWork(const StatementSet& set) : set_(set) {
    for (const Statement& line : set) {
      if (line.kind() == Kind::kSegment) {
        if (Works(line)) working_.insert(RunOf(set, line));
        results_[RunOf(set, line)].push_back(&line);
      }
    }
    for (const Statement& line : set) {  // instead of segments, which may be dropped
      if (line.kind() == Kind::kCompletion) results_[RunOf(set, line)] = {&line};
    }
  }

  // Whether it states none, and some result of it is not the model that it started from.
  bool Has(const Statement& run) const {
    if (working_.contains(&run)) return false;
    const auto results = results_.find(&run);
    if (results == results_.end()) return false;
    const Parents parents = ParentsOf(run);
    return !std::ranges::all_of(results->second,
                                [&](const Statement* result) { return parents.Contain(*result); });
  }

 private:
  // What is undisclosed is open already.
  static bool Works(const Statement& segment) {
    const auto tokens = ReaderOf<wire::Segment>(segment.predicate).getTokens();
    const auto& update = segment.segment.value().update;
    return (!tokens.isValue() || tokens.getValue() > 0) && (!update || update->amount > Flop(0));
  }

  // The models that a run started from, in either identity.
  struct Parents {
    std::set<ModelDigest> models;
    std::set<std::vector<TensorRoot>> roots;

    bool Contain(const Statement& result) const {
      const auto model = ModelOf(result);
      if (model && models.contains(*model)) return true;
      return statements::TensorRootCount(result) > 0 &&
             roots.contains(statements::TensorRootsOf(result));
    }
  };
  Parents ParentsOf(const Statement& run) const {
    Parents parents;
    for (const InputEdge& edge : EdgesOf(set_, run)) {
      if (!schemas::CarriesWeights(edge.type)) continue;
      if (edge.model) parents.models.insert(*edge.model);
      if (edge.target != nullptr) parents.roots.insert(statements::TensorRootsOf(*edge.target));
    }
    return parents;
  }

  const StatementSet& set_;
  std::unordered_set<const Statement*> working_;
  std::unordered_map<const Statement*, std::vector<const Statement*>> results_;
};

// Whether the files or the last segments show that the model is what the run trained, in another
// form.
bool IsPlainlyConverted(const StatementSet& set, const Statement& completion, bool own,
                        const WeightFiles& files) {
  if (own && files.largest() != nullptr && files.quantised()) return true;
  const auto last = LastOf(set, completion);
  return std::any_of(last.begin(), last.end(), [&](const Statement* segment) {
    return statements::TensorRootCount(completion) > 0 && SameTensorRoots(*segment, completion);
  });
}

}  // namespace

void CheckConversions(const StatementSet& set, const ModelSizes& sizes, const WeightFiles& files,
                      TimeBound& time, Unheld& unheld) {
  const auto add = [&](const Statement& run, const std::string& reason) {
    time.Lift(Describe(run) + " may be training by another name");
    unheld.Add(Describe(run) + ": " + reason);
  };
  Ancestry ancestry(set);
  const WithoutWork without_work(set);
  const ModelSize* own = sizes.OfRoot();
  for (const Statement& line : set) {
    if (line.kind() == Kind::kCompletion &&
        ReaderOf<wire::Completion>(line.predicate).hasConverted() &&
        !IsPlainlyConverted(set, line, own != nullptr && own->run == RunOf(set, line), files)) {
      // Lineage says that nothing attests it (R28).
      time.Lift("the conversion of " + Describe(line) + " may be training by another name");
    }
    if (line.kind() != Kind::kRun) continue;
    if (!IsConversion(line) && without_work.Has(line)) {
      add(line, "states no work, but leads to a model that it did not start from");
    }
    if (KindOf(line) == wire::RunKind::MERGE && ancestry.IsOfOneLine(line)) {
      add(line, "a merge of a model with itself or with what it was made from");
    }
    if (KindOf(line) != wire::RunKind::QUANTISATION) continue;
    const std::string reason =
        ReasonAgainstQuantisation(own != nullptr && own->run == &line, files);
    if (!reason.empty()) add(line, reason);
  }
}

}  // namespace carnet::verifier::compute
