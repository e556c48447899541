#include "statements/sums_of_all.h"

#include <algorithm>

#include "statements/shared_sets.h"

namespace carnet::statements {
namespace {

using Place = uint32_t;

// One pass over the set by one rule.
class Pass {
 public:
  Pass(const SumGraph& graph, const SumRule& rule, size_t max_work)
      : graph_(graph),
        rule_(rule),
        edges_(MaskOf(rule.edge_types)),
        followed_(edges_ | SumGraph::kAlways |
                  (rule.synthetic == Synthetic::kNone ? 0 : SumGraph::kDatasets) |
                  (rule.figure == SummedFigure::kTotal ? SumGraph::kWholeLanes : 0)),
        trees_(graph.size()),
        referrers_(graph.size()),
        sets_(SumsOfAll::kMaxSetWords, max_work) {}

  void Run() {
    for (const Place place : graph_.order()) {
      for (const SumGraph::Arc& arc : graph_.ArcsOf(place)) {
        if (Follows(arc) && referrers_[arc.target] < 2) ++referrers_[arc.target];
      }
    }
    for (const Place place : graph_.order()) Take(place);
  }

  PassportSum SumOf(Place place) const {
    const Tree& tree = trees_[place];
    if (!tree.known) return {};
    // The set of one that is shared itself holds its own tree.
    const std::optional<Flop> own = IsShared(place) ? Flop(0) : tree.sum;
    const auto shared = sets_.WeightOf(tree.shared);
    const auto amount = own && shared ? CheckedAdd(*own, *shared) : std::nullopt;
    if (!amount) return {.known = true, .sum = std::nullopt};
    return {.known = true, .sum = FlopSum{*amount, tree.open}};
  }

  size_t work_left() const { return sets_.work_left(); }

 private:
  struct Tree {
    std::optional<Flop> sum = Flop(0);  // absent: overflow
    SharedSets::Id shared = SharedSets::kEmpty;
    bool open = false;   // of everything that is reached
    bool known = false;  // whether the bounds allowed it
  };

  bool Follows(const SumGraph::Arc& arc) const {
    return (arc.types & followed_) != 0 &&
           !(rule_.stop_at_passports && graph_.IsPassport(arc.target));
  }
  bool IsShared(Place place) const { return referrers_[place] > 1; }

  // Requires that everything that `place` leads to was taken.
  void Take(Place place) {
    const SumTerm term = graph_.TermOf(place, rule_, edges_);
    Tree tree;
    tree.sum = term.overflow ? std::nullopt : std::optional(term.amount);
    tree.open = term.open;
    below_.clear();
    for (const SumGraph::Arc& arc : graph_.ArcsOf(place)) {
      if (!Follows(arc)) continue;
      const Tree& child = trees_[arc.target];
      if (!child.known) return;
      tree.open = tree.open || child.open;
      if (child.shared != SharedSets::kEmpty) below_.push_back(child.shared);
      if (IsShared(arc.target)) continue;
      tree.sum = tree.sum && child.sum ? CheckedAdd(*tree.sum, *child.sum) : std::nullopt;
    }
    std::sort(below_.begin(), below_.end());
    below_.erase(std::unique(below_.begin(), below_.end()), below_.end());
    std::optional<size_t> member;
    if (IsShared(place)) member = sets_.AddMember(tree.sum);
    const auto shared = sets_.Union(below_, member);
    if (!shared) return;
    tree.shared = *shared;
    tree.known = true;
    trees_[place] = tree;
  }

  const SumGraph& graph_;
  const SumRule& rule_;
  const EdgeMask edges_;
  const EdgeMask followed_;
  std::vector<Tree> trees_;
  std::vector<uint8_t> referrers_;  // up to 2
  SharedSets sets_;
  std::vector<SharedSets::Id> below_;
};

}  // namespace

std::vector<PassportSum> SumsOfAll::Along(const SumRule& rule, std::span<const size_t> passports) {
  std::vector<PassportSum> sums(passports.size());
  const size_t pass = 8 * (graph_.size() + graph_.arc_count());
  if (pass > work_left_) return sums;
  work_left_ -= pass;
  Pass one(graph_, rule, work_left_);
  one.Run();
  work_left_ = one.work_left();
  for (size_t i = 0; i < passports.size(); ++i) {
    sums[i] = one.SumOf(static_cast<Place>(passports[i]));
  }
  return sums;
}

}  // namespace carnet::statements
