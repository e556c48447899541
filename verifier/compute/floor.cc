// R35, the first half: no update is less than what its tokens and parameters require.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "statements/follow.h"
#include "statements/graph.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::DigestOf;
using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;

struct Size {
  bool undisclosed = false;
  uint64_t active = 0;
};

Size SizeOf(const Statement& passport) {
  const auto parameters = ReaderOf<wire::Passport>(passport.predicate).getParameters();
  const auto count = parameters.hasActive() ? parameters.getActive() : parameters.getTotal();
  return count.isUndisclosed() ? Size{true, 0} : Size{false, count.getValue()};
}

// What is known of a run's model from outside its segments.
struct RunSize {
  wire::RunKind kind = wire::RunKind::UNSET;
  std::optional<Size> own;   // from the passport that the run led to; the greatest where several
  std::optional<Size> base;  // of an adapter's frozen base
};

class Sizes {
 public:
  explicit Sizes(const StatementSet& set) {
    for (const Statement& line : set) {
      if (line.kind() == Kind::kRun) AddRun(set, line);
    }
    for (const Statement& line : set) {
      if (line.kind() == Kind::kPassport) AddPassport(set, line);
    }
  }

  RunSize Of(const StatementId& run) const {
    const auto found = by_run_.find(run);
    return found == by_run_.end() ? RunSize{} : found->second;
  }

 private:
  void AddRun(const StatementSet& set, const Statement& line) {
    const auto run = ReaderOf<wire::Run>(line.predicate);
    RunSize& size = by_run_[line.id];
    size.kind = run.getKind();
    for (const auto edge : run.getInputs()) {
      if (edge.getType() != wire::EdgeType::ADAPTER_ON || !edge.hasStatement()) continue;
      const Statement* base = Follow(set, edge.getStatement(), Kind::kPassport);
      if (base != nullptr) size.base = SizeOf(*base);
    }
  }

  void AddPassport(const StatementSet& set, const Statement& line) {
    const Statement* completion = CompletionOf(set, line);
    if (completion == nullptr) return;
    const auto run = ReaderOf<wire::Completion>(completion->predicate).getRun();
    RunSize& size = by_run_[DigestOf<StatementId>(run)];
    const Size stated = SizeOf(line);
    if (!size.own || stated.active > size.own->active) size.own = stated;
  }

  std::unordered_map<StatementId, RunSize> by_run_;
};

constexpr uint64_t kTrained = 6;
constexpr uint64_t kFrozenUnderTraining = 4;

class FloorCheck {
 public:
  FloorCheck(const StatementSet& set, Undisclosed& undisclosed, Findings& findings)
      : sizes_(set), undisclosed_(undisclosed), findings_(findings) {}

  void Check(const Statement& line) {
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    const auto update = UpdateOf(segment);
    if (!update) return;
    if (segment.getTokens().isUndisclosed()) {
      return undisclosed_.Add(Describe(line) + " does not state tokens");
    }
    const RunSize size = sizes_.Of(DigestOf<StatementId>(segment.getRun()));
    const auto architecture = ArchitectureOf(*update);
    std::vector<ParameterClass> classes;
    if (architecture) {
      classes = ClassesOf(*architecture);
      if (!HoldsModel(line, classes, size)) return;
    } else {
      classes = AssumedClasses(line, size);
    }
    CompareWithFloor(line, FlopOf(update->getAmount()), classes, segment.getTokens().getValue());
  }

 private:
  // The classes add up to the model, to within 5 %: parameters left out would lower the floor.
  bool HoldsModel(const Statement& line, const std::vector<ParameterClass>& classes,
                  const RunSize& size) {
    Uint128 declared = 0;  // of at most 1,000 terms below 2^64
    for (const ParameterClass& each : classes) declared += each.parameters;
    Uint128 needed = 0;
    for (const auto& part : {size.own, size.base}) {
      if (part && part->undisclosed) undisclosed_.Add(Describe(line) + ": the model's parameters");
      if (part) needed += part->active;
    }
    if (declared * 20 >= needed * 19) return true;
    findings_.Add(FindingAbout(
        line, {35, RejectReason::kParametersUnderstated},
        fmt::format("has classes of {} parameters, but {} {} active ones",
                    Flop(declared).ToString(),
                    size.base ? "its model and the model's base have" : "its model has",
                    Flop(needed).ToString())));
    return false;
  }

  // Where no classes are declared: everything is trained, an adapter's base frozen under training.
  // A merge or quantisation may train nothing.
  std::vector<ParameterClass> AssumedClasses(const Statement& line, const RunSize& size) {
    if (size.kind == wire::RunKind::MERGE || size.kind == wire::RunKind::QUANTISATION) return {};
    std::vector<ParameterClass> classes;
    const auto add = [&](uint64_t coefficient, const std::optional<Size>& part) {
      if (part && part->undisclosed) undisclosed_.Add(Describe(line) + ": the model's parameters");
      if (part) classes.push_back({coefficient, part->active});
    };
    add(kTrained, size.own);
    add(kFrozenUnderTraining, size.base);
    return classes;
  }

  void CompareWithFloor(const Statement& line, Flop update,
                        const std::vector<ParameterClass>& classes, uint64_t tokens) {
    const auto floor = ArchitectureFlop(tokens, classes, Flop(0));
    if (!floor) {
      return AddOverflow(line, {35, RejectReason::kFlopOverflow}, "flop.update", findings_);
    }
    if (ReachesFloor(update, *floor)) return;
    findings_.Add(FindingAbout(
        line, {35, RejectReason::kBelowFloor},
        fmt::format(
            "claims {} FLOP in flop.update, less than 0.7 of the {} FLOP that {} tokens take "
            "at {} FLOP per token",
            update.ToScientific(), floor->ToScientific(), ShortExact(tokens),
            ShortExact(ParameterFlopPerToken(classes)->value())),
        "check the FLOP figure, the token count or the parameters"));
  }

  const Sizes sizes_;
  Undisclosed& undisclosed_;
  Findings& findings_;
};

}  // namespace

void CheckFloor(const StatementSet& set, Undisclosed& undisclosed, Findings& findings) {
  FloorCheck check(set, undisclosed, findings);
  for (const Statement& line : set) {
    if (line.kind() == Kind::kSegment) check.Check(line);
  }
}

}  // namespace carnet::verifier::compute
