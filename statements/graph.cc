#include "statements/graph.h"

#include <algorithm>

#include "core/check.h"
#include "statements/follow.h"

namespace carnet::statements {
namespace {

using schemas::DigestOf;
using schemas::EdgeType;
using schemas::Kind;
using schemas::ReaderOf;

capnp::List<wire::WeightSetRoot>::Reader RootList(const Statement& statement) {
  if (statement.kind() == Kind::kPassport) {
    return ReaderOf<wire::Passport>(statement.predicate).getTensorRoots();
  }
  if (statement.kind() == Kind::kSegment) {
    return ReaderOf<wire::Segment>(statement.predicate).getTensorRoots();
  }
  if (statement.kind() != Kind::kCompletion) return {};
  return ReaderOf<wire::Completion>(statement.predicate).getTensorRoots();
}

bool MayBeInput(Kind kind) {
  return kind == Kind::kPassport || kind == Kind::kCompletion || kind == Kind::kSegment;
}

InputEdge ReadEdge(const StatementSet& set, wire::Edge::Reader edge) {
  InputEdge read{schemas::EdgeTypeOf(edge.getType()), {}, EdgeStatement::kAbsent, nullptr};
  if (!edge.getModel().isUndisclosed()) read.model = DigestOf<ModelDigest>(edge.getModel());
  if (!edge.hasStatement()) return read;
  if (edge.getStatement().isUndisclosed()) {
    read.statement = EdgeStatement::kUndisclosed;
    return read;
  }
  const Statement* target = Follow(set, edge.getStatement());
  const bool usable = target != nullptr && MayBeInput(target->kind());
  read.statement = usable ? EdgeStatement::kEnclosed : EdgeStatement::kUnusable;
  read.target = usable ? target : nullptr;
  return read;
}

bool KeepsAdapter(EdgeType type) {
  return type == EdgeType::kFineTunedFrom || type == EdgeType::kInitialisedFrom ||
         type == EdgeType::kQuantisedFrom || type == EdgeType::kAblatedFrom;
}

}  // namespace

const Statement* CompletionOf(const StatementSet& set, const Statement& passport) {
  return Follow(set, ReaderOf<wire::Passport>(passport.predicate).getCompletion(),
                Kind::kCompletion);
}

const Statement* RunOf(const StatementSet& set, const Statement& segment_or_completion) {
  if (const auto& segment = segment_or_completion.segment) {
    return Follow(set, segment->run, Kind::kRun);
  }
  return Follow(set, ReaderOf<wire::Completion>(segment_or_completion.predicate).getRun(),
                Kind::kRun);
}

const Statement* RunBehind(const StatementSet& set, const Statement& statement) {
  if (statement.kind() == Kind::kSegment || statement.kind() == Kind::kCompletion) {
    return RunOf(set, statement);
  }
  if (statement.kind() != Kind::kPassport) return nullptr;
  const Statement* completion = CompletionOf(set, statement);
  return completion == nullptr ? nullptr : RunOf(set, *completion);
}

std::vector<const Statement*> LastOf(const StatementSet& set, const Statement& completion) {
  std::vector<const Statement*> segments;
  for (const auto last : ReaderOf<wire::Completion>(completion.predicate).getLast()) {
    const Statement* segment = Follow(set, last, Kind::kSegment);
    if (segment != nullptr) segments.push_back(segment);
  }
  return segments;
}

const Statement* PreviousOf(const StatementSet& set, const Statement& segment) {
  return Follow(set, segment.segment.value().previous, Kind::kSegment);
}

const Statement* WeightsSourceOf(const StatementSet& set, const Statement& segment) {
  const auto& weights_from = segment.segment.value().weights_from;
  return weights_from ? Follow(set, weights_from, Kind::kSegment) : PreviousOf(set, segment);
}

uint64_t LaneOf(const Statement& segment) { return segment.segment.value().lane; }

uint64_t SeqOf(const Statement& segment) { return segment.segment.value().seq; }

uint64_t LanesOf(const Statement& run) { return LanesOf(run.predicate); }

uint64_t LanesOf(const schemas::Predicate& run) {
  const auto reader = ReaderOf<wire::Run>(run);
  return reader.hasLanes() ? reader.getLanes().getValue() : 1;
}

const Statement* PredecessorOf(const StatementSet& set, const Statement& statement) {
  switch (statement.kind()) {
    case Kind::kPassport:
      return CompletionOf(set, statement);
    case Kind::kSegment:
      return SeqOf(statement) == 0 ? RunOf(set, statement) : PreviousOf(set, statement);
    case Kind::kCompletion: {
      const auto last = ReaderOf<wire::Completion>(statement.predicate).getLast();
      return last.size() == 0 ? RunOf(set, statement) : Follow(set, last[0], Kind::kSegment);
    }
    case Kind::kDataset:
    case Kind::kDevice:
    case Kind::kAllocation:
    case Kind::kRun:
    case Kind::kVerdict:
      return nullptr;
  }
  CARNET_CHECK(false);
}

std::optional<ModelDigest> ModelOf(const Statement& statement) {
  if (statement.kind() == Kind::kPassport) {
    return DigestOf<ModelDigest>(ReaderOf<wire::Passport>(statement.predicate).getModel());
  }
  if (statement.kind() == Kind::kSegment) {
    return DigestOf<ModelDigest>(ReaderOf<wire::Segment>(statement.predicate).getModel());
  }
  if (statement.kind() != Kind::kCompletion) return std::nullopt;
  const auto completion = ReaderOf<wire::Completion>(statement.predicate);
  if (!completion.hasModel()) return std::nullopt;
  return DigestOf<ModelDigest>(completion.getModel());
}

std::vector<TensorRoot> TensorRootsOf(const Statement& statement) {
  std::vector<TensorRoot> sorted;
  for (const auto root : RootList(statement)) {
    sorted.push_back(DigestOf<TensorRoot>(root.getRoot()));
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

size_t TensorRootCount(const Statement& statement) { return RootList(statement).size(); }

bool SameTensorRoots(const Statement& one, const Statement& other) {
  return TensorRootCount(one) == TensorRootCount(other) &&
         TensorRootsOf(one) == TensorRootsOf(other);
}

std::vector<InputEdge> EdgesOf(const StatementSet& set, const Statement& run) {
  std::vector<InputEdge> edges;
  for (const auto edge : ReaderOf<wire::Run>(run.predicate).getInputs()) {
    edges.push_back(ReadEdge(set, edge));
  }
  return edges;
}

std::optional<InputEdge> AdapterEdgeOf(const StatementSet& set, const Statement& statement) {
  const Statement* run = RunBehind(set, statement);
  for (size_t steps = 0; run != nullptr && steps < set.size(); ++steps) {  // a cycle ends
    const Statement* next = nullptr;
    for (const InputEdge& edge : EdgesOf(set, *run)) {
      if (edge.type == EdgeType::kAdapterOn) return edge;
      if (KeepsAdapter(edge.type) && edge.target != nullptr) next = RunBehind(set, *edge.target);
    }
    run = next;
  }
  return std::nullopt;
}

std::vector<TensorRoot> ParentTensorRootsOf(const StatementSet& set, const Statement& run) {
  std::vector<TensorRoot> sorted;
  for (const InputEdge& edge : EdgesOf(set, run)) {
    const bool trained_further =
        edge.type == EdgeType::kFineTunedFrom || edge.type == EdgeType::kInitialisedFrom;
    if (!trained_further || edge.target == nullptr) continue;
    for (const auto root : RootList(*edge.target)) {
      sorted.push_back(DigestOf<TensorRoot>(root.getRoot()));
    }
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace carnet::statements
