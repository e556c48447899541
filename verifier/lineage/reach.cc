#include "verifier/lineage/reach.h"

#include "core/check.h"
#include "schemas/readers.h"
#include "verifier/lineage/graph.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::DigestOf;
using schemas::Kind;
using schemas::ReaderOf;

// Depth-first with an explicit stack; a line is marked when it is pushed, so each is taken once.
class Walk {
 public:
  Walk(const PassportFile& file, const std::set<uint16_t>& edge_types, SegmentChoice choice,
       AtPassports at_passports)
      : file_(file),
        edge_types_(edge_types),
        choice_(choice),
        at_passports_(at_passports),
        met_(file.lines.size()) {}

  Reached From(const Line& start) {
    Meet(start);
    while (!stack_.empty()) {
      const Line& line = *stack_.back();
      stack_.pop_back();
      Take(line, &line == &start);
    }
    return std::move(reached_);
  }

 private:
  void Meet(const Line& line) {
    const auto position = static_cast<size_t>(&line - file_.lines.data());
    CARNET_CHECK(position < met_.size());
    if (met_[position]) return;
    met_[position] = true;
    stack_.push_back(&line);
  }

  void MeetTarget(wire::Digest::Reader target, Kind kind) {
    const Line* line = target.isUndisclosed() ? nullptr : file_.Find(DigestOf<StatementId>(target));
    if (line != nullptr && line->kind() == kind) {
      Meet(*line);
    } else {
      reached_.open = true;
    }
  }

  void Take(const Line& line, bool is_start) {
    switch (line.kind()) {
      case Kind::kPassport:
        return TakePassport(line, is_start);
      case Kind::kCompletion:
        return TakeCompletion(line);
      case Kind::kSegment:
        return TakeSegment(line);
      case Kind::kRun:
        return TakeRun(line);
      case Kind::kDataset:
        return TakeDataset(line);
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        CARNET_CHECK(false);  // no reference that is followed here has one of these as its kind
    }
  }

  void TakePassport(const Line& line, bool is_start) {
    reached_.passports.push_back(&line);
    if (!is_start && at_passports_ == AtPassports::kStop) return;
    MeetTarget(ReaderOf<wire::Passport>(line.predicate).getCompletion(), Kind::kCompletion);
  }

  void TakeCompletion(const Line& line) {
    const auto completion = ReaderOf<wire::Completion>(line.predicate);
    MeetTarget(completion.getRun(), Kind::kRun);
    for (const auto last : completion.getLast()) MeetTarget(last, Kind::kSegment);
  }

  void TakeSegment(const Line& line) {
    reached_.segments.push_back(&line);
    const auto segment = ReaderOf<wire::Segment>(line.predicate);
    MeetTarget(segment.getRun(), Kind::kRun);
    if (segment.hasWeightsFrom()) MeetTarget(segment.getWeightsFrom(), Kind::kSegment);
    const bool follow_lane = choice_ == SegmentChoice::kAll || !segment.hasWeightsFrom();
    if (follow_lane && segment.hasPrevious()) MeetTarget(segment.getPrevious(), Kind::kSegment);
  }

  void TakeRun(const Line& line) {
    reached_.runs.push_back(&line);
    for (const InputEdge& edge : EdgesOf(file_, line)) {
      if (!edge_types_.contains(edge.type)) continue;
      if (edge.target != nullptr) {
        Meet(*edge.target);
      } else {
        reached_.open = true;
      }
    }
    const auto datasets = ReaderOf<wire::Run>(line.predicate).getDatasets();
    if (datasets.isUndisclosed()) {
      reached_.open = true;
      return;
    }
    for (const auto use : datasets.getItems()) MeetTarget(use.getStatement(), Kind::kDataset);
  }

  void TakeDataset(const Line& line) {
    reached_.datasets.push_back(&line);
    for (const auto source : ReaderOf<wire::Dataset>(line.predicate).getDerivedFrom()) {
      MeetTarget(source, Kind::kDataset);
    }
  }

  const PassportFile& file_;
  const std::set<uint16_t>& edge_types_;
  const SegmentChoice choice_;
  const AtPassports at_passports_;
  std::vector<bool> met_;  // by position in file_.lines
  std::vector<const Line*> stack_;
  Reached reached_;
};

}  // namespace

Reached Reach(const PassportFile& file, const Line& start, const std::set<uint16_t>& edge_types,
              SegmentChoice choice, AtPassports at_passports) {
  return Walk(file, edge_types, choice, at_passports).From(start);
}

}  // namespace carnet::verifier::lineage
