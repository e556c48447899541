#include "statements/sum_graph.h"

#include <utility>

#include "statements/follow.h"
#include "statements/graph.h"
#include "statements/stated_flop.h"

namespace carnet::statements {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

EdgeMask BitOf(schemas::EdgeType type) { return EdgeMask{1} << static_cast<unsigned>(type); }
static_assert(schemas::kEdgeTypes.size() < 29, "the bits above are taken");

void Add(const std::optional<StatedFlop>& stated, SumTerm& to) {
  if (!stated) {
    to.open = true;
    return;
  }
  const auto next = CheckedAdd(to.amount, stated->amount);
  to.overflow = to.overflow || !next;
  to.amount = next.value_or(to.amount);
}

EdgeMask WeightsMask() {
  EdgeMask mask = 0;
  for (const schemas::EdgeType type : schemas::kEdgeTypes) {
    if (schemas::CarriesWeights(type)) mask |= BitOf(type);
  }
  return mask;
}

}  // namespace

EdgeMask MaskOf(const std::set<schemas::EdgeType>& types) {
  EdgeMask mask = 0;
  for (const schemas::EdgeType type : types) mask |= BitOf(type);
  return mask;
}

class SumGraph::Compiler {
 public:
  Compiler(const StatementSet& set, SumGraph& graph) : set_(set), graph_(graph) {}

  void Compile() {
    entered_.resize(set_.size());
    for (const Statement& line : set_) NoteEntries(line);
    for (const Statement& line : set_) {
      graph_.kinds_.push_back(line.kind());
      graph_.first_arc_.push_back(graph_.arcs_.size());
      graph_.terms_.emplace_back();
      Compile(line, graph_.terms_.back());
    }
    graph_.first_arc_.push_back(graph_.arcs_.size());
    Sort();
  }

 private:
  uint32_t PlaceOf(const Statement& line) const {
    return static_cast<uint32_t>(set_.PlaceOf(line));
  }

  // A segment that is reached from within its run needs no arc to the run, as the completion or
  // the segment that it was entered by leads there already: most runs then have one arc, from their
  // completion.
  void NoteEntry(const Statement* run, const Statement* segment) {
    if (segment != nullptr && RunOf(set_, *segment) != run) entered_[PlaceOf(*segment)] = true;
  }

  void NoteEntries(const Statement& line) {
    if (line.kind() == Kind::kCompletion) {
      const Statement* run = RunOf(set_, line);
      for (const Statement* last : LastOf(set_, line)) NoteEntry(run, last);
    } else if (line.kind() == Kind::kSegment) {
      const Statement* run = RunOf(set_, line);
      NoteEntry(run, PreviousOf(set_, line));
      NoteEntry(run, WeightsSourceOf(set_, line));
    } else if (line.kind() == Kind::kRun) {
      for (const InputEdge& edge : EdgesOf(set_, line)) {
        const bool segment = edge.target != nullptr && edge.target->kind() == Kind::kSegment;
        if (segment) entered_[PlaceOf(*edge.target)] = true;
      }
    }
  }

  void AddArc(const Statement* target, EdgeMask types) {
    if (target != nullptr) graph_.arcs_.push_back({PlaceOf(*target), types});
  }

  void Compile(const Statement& line, Term& term) {
    switch (line.kind()) {
      case Kind::kPassport:
        return AddArc(CompletionOf(set_, line), kAlways);
      case Kind::kCompletion:
        AddArc(RunOf(set_, line), kAlways);
        for (const Statement* last : LastOf(set_, line)) AddArc(last, kAlways);
        return;
      case Kind::kSegment:
        return CompileSegment(line, term);
      case Kind::kRun:
        return CompileRun(line, term);
      case Kind::kDataset:
        return CompileDataset(line, term);
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        return;
    }
  }

  void CompileSegment(const Statement& line, Term& term) {
    const SegmentFields& segment = line.segment.value();
    Add(segment.update, term.figures[0]);
    Add(segment.total, term.figures[1]);
    if (entered_[PlaceOf(line)]) AddArc(RunOf(set_, line), kAlways);
    AddArc(PreviousOf(set_, line), segment.weights_from ? kWholeLanes : kAlways);
    if (segment.weights_from) AddArc(WeightsSourceOf(set_, line), kAlways);
  }

  void CompileRun(const Statement& line, Term& term) {
    const auto run = ReaderOf<wire::Run>(line.predicate);
    term.initial_undisclosed = run.getInitial() == wire::InitialWeights::UNDISCLOSED;
    term.data_undisclosed = run.getDatasets().isUndisclosed();
    for (const InputEdge& edge : EdgesOf(set_, line)) {
      AddArc(edge.target, BitOf(edge.type));
      if (edge.statement == EdgeStatement::kAbsent) term.absent |= BitOf(edge.type);
      if (edge.statement == EdgeStatement::kUnusable ||
          edge.statement == EdgeStatement::kUndisclosed) {
        term.unusable |= BitOf(edge.type);
      }
    }
    if (!run.getDatasets().isItems()) return;
    for (const auto use : run.getDatasets().getItems()) {
      AddArc(Follow(set_, use.getStatement(), Kind::kDataset), kDatasets);
    }
  }

  void CompileDataset(const Statement& line, Term& term) {
    const auto dataset = ReaderOf<wire::Dataset>(line.predicate);
    for (const auto source : dataset.getDerivedFrom()) {
      AddArc(Follow(set_, source, Kind::kDataset), kDatasets);
    }
    const auto sources = dataset.getSources();
    if (sources.isUndisclosed()) {
      for (SumTerm& figure : term.figures) figure.open = true;
      return;
    }
    for (const auto source : sources.getItems()) {
      if (source.getKind() != wire::SourceKind::SYNTHETIC) continue;
      const auto stated = Sums(Stated(source.hasGenerationFlop(), source.getGenerationFlop()));
      if (!source.getGeneratorPublic().getValue()) Add(stated, term.figures[0]);
      Add(stated, term.figures[1]);
    }
  }

  // Depth first with an explicit stack: a place is put in order once all that it leads to is.
  void Sort() {
    enum State : uint8_t { kNew, kOpen, kDone };
    std::vector<State> states(graph_.size(), kNew);
    std::vector<std::pair<uint32_t, size_t>> stack;  // place, arcs taken
    for (uint32_t start = 0; start < graph_.size(); ++start) {
      if (states[start] == kNew) stack.emplace_back(start, 0);
      while (!stack.empty()) {
        auto& [place, taken] = stack.back();
        states[place] = kOpen;
        const auto arcs = graph_.ArcsOf(place);
        if (taken == arcs.size()) {
          states[place] = kDone;
          graph_.order_.push_back(place);
          stack.pop_back();
          continue;
        }
        const uint32_t target = arcs[taken++].target;
        if (states[target] == kOpen) return graph_.order_.clear();
        if (states[target] == kNew) stack.emplace_back(target, 0);
      }
    }
  }

  const StatementSet& set_;
  SumGraph& graph_;
  std::vector<bool> entered_;  // by place, of segments: from outside their run
};

SumGraph::SumGraph(const StatementSet& set) { Compiler(set, *this).Compile(); }

SumTerm SumGraph::TermOf(uint32_t place, const SumRule& rule, EdgeMask edges) const {
  const Term& term = terms_[place];
  switch (kinds_[place]) {
    case Kind::kSegment:
      return term.figures[rule.figure == SummedFigure::kUpdate ? 0 : 1];
    case Kind::kDataset:
      return term.figures[rule.synthetic == Synthetic::kNonPublic ? 0 : 1];
    case Kind::kRun: {
      const bool open = (term.initial_undisclosed && (edges & WeightsMask()) != 0) ||
                        (term.absent & edges & (rule.stop_at_passports ? 0 : ~EdgeMask{0})) != 0 ||
                        (term.unusable & edges) != 0 ||
                        (term.data_undisclosed && rule.synthetic != Synthetic::kNone);
      return {.amount = Flop(0), .open = open, .overflow = false};
    }
    case Kind::kDevice:
    case Kind::kAllocation:
    case Kind::kCompletion:
    case Kind::kPassport:
    case Kind::kVerdict:
      return {};
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::statements
