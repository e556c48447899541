// R35: the size of a model and those of its parents belong together.
#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "schemas/enums.h"
#include "statements/graph.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::EdgeType;
using schemas::Kind;
using statements::EdgesOf;
using statements::InputEdge;
using statements::RunBehind;

class EdgeSizeCheck {
 public:
  EdgeSizeCheck(const StatementSet& set, const ModelSizes& sizes, Unheld& unheld,
                Findings& findings)
      : set_(set), sizes_(sizes), unheld_(unheld), findings_(findings) {}

  void Check(const Statement& run) {
    const ModelSize& size = *sizes_.Of(run.id);
    const StatedSize& own = size.stated;
    NoteOpen(run, size);
    if (!own.known()) return;
    Uint128 parts = 0;
    uint64_t largest_part = 0;
    bool all_parts_known = true;
    bool of_one_size = true;
    for (const InputEdge& edge : EdgesOf(set_, run)) {
      const ModelSize* parent_size = SizeOf(edge);
      const StatedSize parent = parent_size == nullptr ? StatedSize{} : parent_size->stated;
      if (parent_size != nullptr) NoteEdge(run, size, edge.type, *parent_size);
      if (edge.type == EdgeType::kMergedFrom) {
        all_parts_known = all_parts_known && parent.known();
        of_one_size = of_one_size && (!parent.known() || AreOfOneSize(own.total, parent.total));
        parts += parent.total;
        largest_part = std::max(largest_part, parent.total);
      } else if (parent.known()) {
        CompareOne(run, edge.type, own, parent);
      }
    }
    if (largest_part > 0) CompareMerge(run, own, parts, largest_part, all_parts_known);
    // The files then do not show what shape a part has.
    if (!of_one_size) unheld_.Add(Describe(run) + " merges parts of other sizes than its model");
  }

 private:
  const ModelSize* SizeOf(const InputEdge& edge) const {
    const Statement* run = edge.target == nullptr ? nullptr : RunBehind(set_, *edge.target);
    return run == nullptr ? nullptr : sizes_.Of(run->id);
  }

  // Also of a run without segments, behind which its parents' sizes would be out of sight.
  void NoteOpen(const Statement& run, const ModelSize& size) {
    if (!size.stated.known()) {
      unheld_.Add(Describe(run) + ": the size of its model is not stated");
    } else if (LeavesActiveOpen(size)) {
      unheld_.Add(Describe(run) + ": active parameters of a model that is not at hand");
    }
  }

  void NoteEdge(const Statement& run, const ModelSize& size, EdgeType type,
                const ModelSize& parent) {
    if (type == EdgeType::kAdapterOn && parent.is_adapter) {
      unheld_.Add(Describe(run) + " is an adapter on another adapter");
    }
    const bool may_resize = type == EdgeType::kInitialisedFrom || type == EdgeType::kMergedFrom;
    const bool of_one_size = size.stated.known() && parent.stated.known() &&
                             AreOfOneSize(size.stated.total, parent.stated.total);
    // 5 % a generation: after some, the files say nothing of it.
    if (may_resize && of_one_size && size.held != Held::kToNothing &&
        parent.held == Held::kToNothing) {
      unheld_.Add(Describe(run) + ": its parent's size has drifted from that of the files");
    }
  }

  void Refuse(const Statement& run, const std::string& what) {
    findings_.Add(FindingAbout(run, {35, RejectReason::kParametersUnderstated}, what,
                               "the sizes that a model and its parents state must fit each other"));
  }

  void CompareOne(const Statement& run, EdgeType type, const StatedSize& own,
                  const StatedSize& parent) {
    if (AreOfOneSize(own.total, parent.total)) return;
    switch (type) {
      case EdgeType::kFineTunedFrom:
      case EdgeType::kQuantisedFrom:
      case EdgeType::kAblatedFrom:
        return Refuse(run, fmt::format("leads to a model of {} parameters, but is {} one of {}",
                                       own.total, schemas::EdgeTypeName(type), parent.total));
      case EdgeType::kInitialisedFrom:
        return unheld_.Add(fmt::format("{} is resized from {} to {} parameters", Describe(run),
                                       parent.total, own.total));
      case EdgeType::kAdapterOn:
      case EdgeType::kMergedFrom:
      case EdgeType::kDistilledFrom:
      case EdgeType::kSyntheticDataFrom:
        return;
    }
  }

  // Between the largest part, for an average, and the sum, for parts side by side.
  void CompareMerge(const Statement& run, const StatedSize& own, Uint128 parts,
                    uint64_t largest_part, bool all_parts_known) {
    const Uint128 total = own.total;
    if (total * 20 < static_cast<Uint128>(largest_part) * 19) {
      return Refuse(run, fmt::format("leads to a model of {} parameters, but merges one of {}",
                                     own.total, largest_part));
    }
    if (!all_parts_known || total * 20 <= parts * 21) return;
    Refuse(run, fmt::format("leads to a model of {} parameters, but its parts have only {}",
                            own.total, Flop(parts).ToString()));
  }

  const StatementSet& set_;
  const ModelSizes& sizes_;
  Unheld& unheld_;
  Findings& findings_;
};

}  // namespace

void CheckEdgeSizes(const StatementSet& set, const ModelSizes& sizes, Unheld& unheld,
                    Findings& findings) {
  EdgeSizeCheck check(set, sizes, unheld, findings);
  for (const Statement& line : set) {
    if (line.kind() == Kind::kRun) check.Check(line);
  }
}

}  // namespace carnet::verifier::compute
