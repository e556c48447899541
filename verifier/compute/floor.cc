// R35: no update is less than what its tokens and parameters require.
#include <fmt/core.h>

#include <string>
#include <vector>

#include "statements/graph.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/class_cost.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/parent_tensors.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::DigestOf;
using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;

bool IsConverting(wire::RunKind kind) {
  return kind == wire::RunKind::MERGE || kind == wire::RunKind::QUANTISATION;
}

class FloorCheck {
 public:
  FloorCheck(const ModelSizes& sizes, const WeightFiles& files, const ParentTensors& parents,
             FloorNotes notes, Findings& findings)
      : sizes_(sizes),
        files_(files),
        undisclosed_(notes.undisclosed),
        unheld_(notes.unheld),
        unchanged_(notes.unchanged),
        findings_(findings),
        named_(files, parents) {}

  void Check(const Statement& line) {
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    const auto update = UpdateOf(segment);
    if (!update) return;
    if (segment.getTokens().isUndisclosed()) {
      return undisclosed_.Add(Describe(line) + " does not state tokens");
    }
    const ModelSize* size = sizes_.Of(DigestOf<StatementId>(segment.getRun()));
    if (size == nullptr) return;
    for (const StatedSize& part : {size->stated, size->base}) {
      if (part.undisclosed) undisclosed_.Add(Describe(line) + ": the model's parameters");
    }
    const auto architecture = ArchitectureOf(*update);
    ClassCost cost;
    if (architecture) {
      cost = CostOf(*architecture, *size, files_, named_);
      if (!cost.false_table.empty()) return RefuseTable(line, cost.false_table);
      if (!HoldsModel(line, *architecture, *size)) return;
    } else {
      cost.classes = AssumedClasses(*size);
    }
    NoteUnheld(line, cost, *size);
    if (cost.unchanged > 0) unchanged_.Add(Describe(line) + ": " + ShareOf(cost, cost.unchanged));
    if (cost.classes.empty() && segment.getTokens().getValue() > 0) {
      unheld_.Add(Describe(line) + ": what a conversion computes on its tokens");
    }
    CompareWithFloor(line, FlopOf(update->getAmount()), cost, segment.getTokens().getValue());
  }

 private:
  void RefuseTable(const Statement& line, const std::string& what) {
    findings_.Add(FindingAbout(line, {35, RejectReason::kParametersUnderstated},
                               "flop.update: " + what,
                               "name the embedding tables as the weight header does"));
  }

  // The classes add up to the model, to within 5 %: parameters left out would lower the floor.
  bool HoldsModel(const Statement& line, wire::FlopCalculation::Reader architecture,
                  const ModelSize& size) {
    Uint128 declared = 0;  // of at most 1,000 terms below 2^64
    for (const auto each : architecture.getClasses()) declared += each.getParameters().getValue();
    const uint64_t least_base = LeastBase(size);
    const Uint128 needed = static_cast<Uint128>(size.stated.active) + size.base.active + least_base;
    if (declared * 20 >= needed * 19) return true;
    findings_.Add(
        FindingAbout(line, {35, RejectReason::kParametersUnderstated},
                     fmt::format("has classes of {} parameters, but {} {} active ones",
                                 Flop(declared).ToString(),
                                 size.base.line != nullptr ? "its model and the model's base have"
                                 : least_base > 0 ? "its model and the matrices that it adapts have"
                                                  : "its model has",
                                 Flop(needed).ToString())));
    return false;
  }

  // Of an adapter whose base states no size: what its own files show of it.
  uint64_t LeastBase(const ModelSize& size) const {
    const bool open = size.base.line == nullptr && size.held == Held::kToFiles && size.is_adapter;
    return open ? files_.least_base_parameters().value_or(0) : 0;
  }

  // Where no classes are declared: everything is trained, an adapter's base frozen under training.
  // A merge or quantisation may train nothing.
  std::vector<ParameterClass> AssumedClasses(const ModelSize& size) const {
    if (IsConverting(ReaderOf<wire::Run>(size.run->predicate).getKind())) return {};
    std::vector<ParameterClass> classes;
    if (size.stated.known()) classes.push_back({kTrained, size.stated.active});
    if (size.base.known()) classes.push_back({kFrozenUnderTraining, size.base.active});
    if (const uint64_t least = LeastBase(size)) classes.push_back({kFrozenUnderTraining, least});
    return classes;
  }

  void NoteUnheld(const Statement& line, const ClassCost& cost, const ModelSize& size) {
    const bool said_of_run = size.stated.line == nullptr || LeavesActiveOpen(size);
    if (said_of_run || cost.unheld == 0) return;
    if (cost.frozen > 0) {
      return unheld_.Add(
          fmt::format("{}: {} stated as frozen", Describe(line), ShareOf(cost, cost.frozen)));
    }
    if (cost.forward_only > 0) {
      return unheld_.Add(fmt::format("{}: {} unchanged, but only stated to be without a gradient",
                                     Describe(line), ShareOf(cost, cost.forward_only)));
    }
    unheld_.Add(fmt::format("{}: {} parameters stated to cost less, of a model that is not at hand",
                            Describe(line), Flop(cost.unheld).ToString()));
  }

  // "90 % of its parameters"
  static std::string ShareOf(const ClassCost& cost, Uint128 parameters) {
    Uint128 all = 0;
    for (const ParameterClass& each : cost.classes) all += each.parameters;
    return PercentText(Flop(parameters), Flop(all)) + " of its parameters";
  }

  void CompareWithFloor(const Statement& line, Flop update, const ClassCost& cost,
                        uint64_t tokens) {
    const auto floor = ArchitectureFlop(tokens, cost.classes, Flop(0));
    if (!floor) {
      return AddOverflow(line, {35, RejectReason::kFlopOverflow}, "flop.update", findings_);
    }
    std::string in_full;
    if (cost.in_full > 0) {
      in_full = fmt::format("{} parameters count as trained: {}", Flop(cost.in_full).ToString(),
                            cost.why);
    }
    if (ReachesFloor(update, *floor)) {
      // A figure that counts them for less may still be within the margin.
      if (cost.in_full > 0 && update < *floor) unheld_.Add(Describe(line) + ": " + in_full);
      return;
    }
    findings_.Add(FindingAbout(
        line, {35, RejectReason::kBelowFloor},
        fmt::format(
            "claims {} FLOP in flop.update, less than 0.7 of the {} FLOP that {} tokens take "
            "at {} FLOP per token{}",
            update.ToScientific(), floor->ToScientific(), ShortExact(tokens),
            ShortExact(ParameterFlopPerToken(cost.classes)->value()),
            in_full.empty() ? "" : "; " + in_full),
        "check the FLOP figure, the token count or the parameters"));
  }

  const ModelSizes& sizes_;
  const WeightFiles& files_;
  Undisclosed& undisclosed_;
  Unheld& unheld_;
  Cases& unchanged_;
  Findings& findings_;
  NamedTensors named_;
};

}  // namespace

void CheckFloor(const StatementSet& set, const ModelSizes& sizes, const WeightFiles& files,
                const ParentTensors& parents, FloorNotes notes, Findings& findings) {
  FloorCheck check(sizes, files, parents, notes, findings);
  for (const Statement& line : set) {
    if (line.kind() == Kind::kSegment) check.Check(line);
  }
}

}  // namespace carnet::verifier::compute
