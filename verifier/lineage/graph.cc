#include "verifier/lineage/graph.h"

#include <algorithm>

#include "core/check.h"
#include "schemas/readers.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

const Line* Follow(const PassportFile& file, wire::Digest::Reader target, Kind kind) {
  if (target.isUndisclosed()) return nullptr;
  const Line* line = file.Find(DigestOf<StatementId>(target));
  return line != nullptr && line->kind() == kind ? line : nullptr;
}

capnp::List<wire::WeightSetRoot>::Reader RootList(const Line& line) {
  if (line.kind() == Kind::kPassport) {
    return ReaderOf<wire::Passport>(line.predicate).getTensorRoots();
  }
  if (line.kind() == Kind::kSegment) {
    return ReaderOf<wire::Segment>(line.predicate).getTensorRoots();
  }
  if (line.kind() != Kind::kCompletion) return {};
  return ReaderOf<wire::Completion>(line.predicate).getTensorRoots();
}

bool MayBeInput(Kind kind) {
  return kind == Kind::kPassport || kind == Kind::kCompletion || kind == Kind::kSegment;
}

InputEdge ReadEdge(const PassportFile& file, wire::Edge::Reader edge) {
  InputEdge read{static_cast<uint16_t>(edge.getType()), {}, EdgeStatement::kAbsent, nullptr};
  if (!edge.getModel().isUndisclosed()) read.model = DigestOf<ModelDigest>(edge.getModel());
  if (!edge.hasStatement()) return read;
  if (edge.getStatement().isUndisclosed()) {
    read.statement = EdgeStatement::kUndisclosed;
    return read;
  }
  const Line* target = file.Find(DigestOf<StatementId>(edge.getStatement()));
  const bool usable = target != nullptr && MayBeInput(target->kind());
  read.statement = usable ? EdgeStatement::kEnclosed : EdgeStatement::kUnusable;
  read.target = usable ? target : nullptr;
  return read;
}

}  // namespace

const Line* CompletionOf(const PassportFile& file, const Line& passport) {
  return Follow(file, ReaderOf<wire::Passport>(passport.predicate).getCompletion(),
                Kind::kCompletion);
}

const Line* RunOf(const PassportFile& file, const Line& segment_or_completion) {
  const schemas::Predicate& predicate = segment_or_completion.predicate;
  return Follow(file,
                predicate.kind() == Kind::kSegment ? ReaderOf<wire::Segment>(predicate).getRun()
                                                   : ReaderOf<wire::Completion>(predicate).getRun(),
                Kind::kRun);
}

std::vector<const Line*> LastOf(const PassportFile& file, const Line& completion) {
  std::vector<const Line*> lines;
  for (const auto last : ReaderOf<wire::Completion>(completion.predicate).getLast()) {
    const Line* line = Follow(file, last, Kind::kSegment);
    if (line != nullptr) lines.push_back(line);
  }
  return lines;
}

const Line* PreviousOf(const PassportFile& file, const Line& segment) {
  const auto reader = ReaderOf<wire::Segment>(segment.predicate);
  return reader.hasPrevious() ? Follow(file, reader.getPrevious(), Kind::kSegment) : nullptr;
}

const Line* WeightsSourceOf(const PassportFile& file, const Line& segment) {
  const auto reader = ReaderOf<wire::Segment>(segment.predicate);
  if (!reader.hasWeightsFrom()) return PreviousOf(file, segment);
  return Follow(file, reader.getWeightsFrom(), Kind::kSegment);
}

uint64_t LaneOf(const Line& segment) {
  return ReaderOf<wire::Segment>(segment.predicate).getLane().getValue();
}

uint64_t SeqOf(const Line& segment) {
  return ReaderOf<wire::Segment>(segment.predicate).getSeq().getValue();
}

uint64_t LanesOf(const Line& run) {
  const auto reader = ReaderOf<wire::Run>(run.predicate);
  return reader.hasLanes() ? reader.getLanes().getValue() : 1;
}

const Line* PredecessorOf(const PassportFile& file, const Line& line) {
  switch (line.kind()) {
    case Kind::kPassport:
      return CompletionOf(file, line);
    case Kind::kSegment:
      return SeqOf(line) == 0 ? RunOf(file, line) : PreviousOf(file, line);
    case Kind::kCompletion: {
      const auto last = ReaderOf<wire::Completion>(line.predicate).getLast();
      return last.size() == 0 ? RunOf(file, line) : Follow(file, last[0], Kind::kSegment);
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

std::optional<ModelDigest> ModelOf(const Line& line) {
  if (line.kind() == Kind::kPassport) {
    return DigestOf<ModelDigest>(ReaderOf<wire::Passport>(line.predicate).getModel());
  }
  if (line.kind() == Kind::kSegment) {
    return DigestOf<ModelDigest>(ReaderOf<wire::Segment>(line.predicate).getModel());
  }
  if (line.kind() != Kind::kCompletion) return std::nullopt;
  const auto completion = ReaderOf<wire::Completion>(line.predicate);
  if (!completion.hasModel()) return std::nullopt;
  return DigestOf<ModelDigest>(completion.getModel());
}

std::vector<TensorRoot> TensorRootsOf(const Line& line) {
  std::vector<TensorRoot> sorted;
  for (const auto root : RootList(line)) {
    sorted.push_back(DigestOf<TensorRoot>(root.getRoot()));
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

size_t TensorRootCount(const Line& line) { return RootList(line).size(); }

bool SameTensorRoots(const Line& one, const Line& other) {
  return TensorRootCount(one) == TensorRootCount(other) &&
         TensorRootsOf(one) == TensorRootsOf(other);
}

std::vector<InputEdge> EdgesOf(const PassportFile& file, const Line& run) {
  std::vector<InputEdge> edges;
  for (const auto edge : ReaderOf<wire::Run>(run.predicate).getInputs()) {
    edges.push_back(ReadEdge(file, edge));
  }
  return edges;
}

}  // namespace carnet::verifier::lineage
