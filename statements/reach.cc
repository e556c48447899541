#include "statements/reach.h"

#include <unordered_map>
#include <unordered_set>

#include "core/check.h"
#include "statements/follow.h"
#include "statements/graph.h"

namespace carnet::statements {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

// Depth-first with an explicit stack; a statement is marked when it is pushed, so each is taken
// only once.
class Walk {
 public:
  Walk(const StatementSet& set, const std::set<schemas::EdgeType>& edge_types, SegmentChoice choice,
       AtPassports at_passports)
      : set_(set),
        edge_types_(edge_types),
        choice_(choice),
        at_passports_(at_passports),
        met_(set.size()) {}

  Reached From(const Statement& start) {
    Meet(start);
    while (!stack_.empty()) {
      const Statement& statement = *stack_.back();
      stack_.pop_back();
      Take(statement, &statement == &start);
    }
    return std::move(reached_);
  }

 private:
  void Meet(const Statement& statement) {
    const size_t place = set_.PlaceOf(statement);
    if (met_[place]) return;
    met_[place] = true;
    stack_.push_back(&statement);
  }

  template <typename Reference>
  void MeetTarget(const Reference& target, Kind kind) {
    if (const Statement* statement = Follow(set_, target, kind)) {
      Meet(*statement);
    } else {
      reached_.open = true;
    }
  }

  void Take(const Statement& statement, bool is_start) {
    switch (statement.kind()) {
      case Kind::kPassport:
        return TakePassport(statement, is_start);
      case Kind::kCompletion:
        return TakeCompletion(statement);
      case Kind::kSegment:
        return TakeSegment(statement);
      case Kind::kRun:
        return TakeRun(statement);
      case Kind::kDataset:
        return TakeDataset(statement);
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        CARNET_CHECK(false);  // no reference that is followed here leads to one of these
    }
  }

  void TakePassport(const Statement& statement, bool is_start) {
    reached_.passports.push_back(&statement);
    if (!is_start && at_passports_ == AtPassports::kStop) return;
    MeetTarget(ReaderOf<wire::Passport>(statement.predicate).getCompletion(), Kind::kCompletion);
  }

  void TakeCompletion(const Statement& statement) {
    const auto completion = ReaderOf<wire::Completion>(statement.predicate);
    MeetTarget(completion.getRun(), Kind::kRun);
    for (const auto last : completion.getLast()) MeetTarget(last, Kind::kSegment);
  }

  void TakeSegment(const Statement& statement) {
    reached_.segments.push_back(&statement);
    const SegmentFields& segment = statement.segment.value();
    MeetTarget(segment.run, Kind::kRun);
    if (segment.weights_from) MeetTarget(segment.weights_from, Kind::kSegment);
    const bool follow_lane = choice_ == SegmentChoice::kAll || !segment.weights_from;
    if (follow_lane && segment.previous) MeetTarget(segment.previous, Kind::kSegment);
  }

  void TakeRun(const Statement& statement) {
    reached_.runs.push_back(&statement);
    for (const InputEdge& edge : EdgesOf(set_, statement)) {
      if (!edge_types_.contains(edge.type)) continue;
      if (edge.target != nullptr) {
        Meet(*edge.target);
      } else {
        reached_.open = true;
      }
    }
    const auto datasets = ReaderOf<wire::Run>(statement.predicate).getDatasets();
    if (datasets.isUndisclosed()) {
      reached_.open = true;
      return;
    }
    for (const auto use : datasets.getItems()) MeetTarget(use.getStatement(), Kind::kDataset);
  }

  void TakeDataset(const Statement& statement) {
    reached_.datasets.push_back(&statement);
    for (const auto source : ReaderOf<wire::Dataset>(statement.predicate).getDerivedFrom()) {
      MeetTarget(source, Kind::kDataset);
    }
  }

  const StatementSet& set_;
  const std::set<schemas::EdgeType>& edge_types_;
  const SegmentChoice choice_;
  const AtPassports at_passports_;
  std::vector<bool> met_;  // by place in set_
  std::vector<const Statement*> stack_;
  Reached reached_;
};

}  // namespace

Reached Reach(const StatementSet& set, const Statement& start,
              const std::set<schemas::EdgeType>& edge_types, SegmentChoice choice,
              AtPassports at_passports) {
  return Walk(set, edge_types, choice, at_passports).From(start);
}

std::vector<const Statement*> PartlyReached(const StatementSet& set, const Reached& reached) {
  std::unordered_set<const Statement*> completed;
  std::unordered_map<const Statement*, size_t> not_reached;  // segments, by run
  for (const Statement& line : set) {
    if (line.kind() == Kind::kCompletion) completed.insert(RunOf(set, line));
    if (line.kind() == Kind::kSegment) ++not_reached[RunOf(set, line)];
  }
  for (const Statement* segment : reached.segments) --not_reached[RunOf(set, *segment)];
  std::vector<const Statement*> runs;
  for (const Statement* run : reached.runs) {
    const auto left = not_reached.find(run);
    if (left == not_reached.end() || LanesOf(*run) == 1) continue;  // no segment, or one lane
    if (left->second > 0 || !completed.contains(run)) runs.push_back(run);
  }
  return runs;
}

}  // namespace carnet::statements
