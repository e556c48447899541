#include "pipeline/trace_folding.h"

#include <algorithm>
#include <set>

#include "core/hex.h"

namespace carnet::pipeline {
namespace {

std::string ScientificOf(const std::string& flop) {
  const auto exact = Flop::Parse(flop);
  return exact ? exact->ToScientific() : flop;
}

}  // namespace

Folding::Folding(const std::vector<TraceNode>& nodes, const std::vector<TraceEdge>& edges,
                 Drawn drawn, size_t starts)
    : trace_nodes_(nodes), drawn_(drawn), starts_(starts), shown_of_(nodes.size()) {
  for (size_t i = 0; i < nodes.size(); ++i) Place(i);
  for (const auto& [run, segments] : segments_)
    nodes_[shown_of_[segments[0]]].text = Fold(segments);
  DrawChildren(edges);
}

void Folding::Place(size_t i) {
  const TraceNode& node = trace_nodes_[i];
  if (drawn_ == Drawn::kUses && i > 0 && i < starts_) return;  // shown as the first
  if (node.run && (drawn_ == Drawn::kLineage || i >= starts_)) {
    auto& segments = segments_[FoldKey(node)];
    segments.push_back(i);
    if (segments.size() > 1) {
      shown_of_[i] = shown_of_[segments[0]];
      return;
    }
  }
  shown_of_[i] = nodes_.size();
  nodes_.push_back({Text(node), {}});
}

// Among uses a stranger's segments are not folded into those of the run's own signers.
std::string Folding::FoldKey(const TraceNode& node) const {
  const std::string run = HexEncode(node.run->span());
  return drawn_ == Drawn::kLineage ? run : run + node.signer.ToString();
}

void Folding::DrawChildren(const std::vector<TraceEdge>& edges) {
  // A segment's edge back to its run is not drawn if something else leads there.
  const auto back_to_run = [this](const TraceEdge& edge) {
    return drawn_ == Drawn::kLineage && trace_nodes_[edge.from].run == trace_nodes_[edge.to].id;
  };
  std::set<size_t> reached;
  for (const TraceEdge& edge : edges) {
    if (!back_to_run(edge)) reached.insert(edge.to);
  }
  std::set<std::pair<size_t, size_t>> drawn;
  for (const TraceEdge& edge : edges) {
    size_t from = shown_of_[edge.from], to = shown_of_[edge.to];
    if (drawn_ == Drawn::kUses) std::swap(from, to);
    if (from == to || (back_to_run(edge) && reached.contains(edge.to))) continue;
    if (drawn.insert({from, to}).second) nodes_[from].children.emplace_back(edge.label, to);
  }
}

// Who says it stands beside every user, as anyone can log one.
std::string Folding::SpeakerOfUse(const TraceNode& node) const {
  const bool named = !node.label.empty() && !node.label_is_ours;
  return drawn_ == Drawn::kLineage || named ? "" : ", by " + SpeakerOf(node);
}

std::string Folding::Text(const TraceNode& node) const {
  std::string text = TextOf(node) + SpeakerOfUse(node) + "  " + ShortId(node.id);
  if (!node.flop.empty()) text += "  " + ScientificOf(node.flop) + " FLOP";
  return text;
}

std::string Folding::Fold(const std::vector<size_t>& segments) const {
  if (segments.size() == 1) return Text(trace_nodes_[segments[0]]);
  std::optional<Flop> sum = Flop(0);
  bool complete = true;
  for (const size_t i : segments) {
    const auto flop = Flop::Parse(trace_nodes_[i].flop);
    if (!flop) {
      complete = false;
      continue;
    }
    if (sum) sum = CheckedAdd(*sum, *flop);
  }
  std::string text =
      std::to_string(segments.size()) + " segments" + SpeakerOfUse(trace_nodes_[segments[0]]);
  if (sum) text += "  " + std::string(complete ? "" : "at least ") + sum->ToScientific() + " FLOP";
  return text;
}

}  // namespace carnet::pipeline
