// What a trace shows as one: a run's segments, and the statements that uses start from. Private to
// render_trace.cc.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/trace.h"

namespace carnet::pipeline {

struct ShownNode {
  std::string text;
  std::vector<std::pair<std::string, size_t>> children;  // edge label, shown node
};

// Lineage leads from a statement to what it refers to, uses the other way round.
enum class Drawn { kLineage, kUses };

// Maps trace nodes to shown nodes. Nodes and edges must outlive it.
class Folding {
 public:
  Folding(const std::vector<TraceNode>& nodes, const std::vector<TraceEdge>& edges, Drawn drawn,
          size_t starts = 1);

  const std::vector<ShownNode>& nodes() const { return nodes_; }

 private:
  void Place(size_t i);
  std::string FoldKey(const TraceNode& node) const;
  void DrawChildren(const std::vector<TraceEdge>& edges);
  std::string SpeakerOfUse(const TraceNode& node) const;
  std::string Text(const TraceNode& node) const;
  std::string Fold(const std::vector<size_t>& segments) const;

  const std::vector<TraceNode>& trace_nodes_;
  const Drawn drawn_;
  const size_t starts_;
  std::vector<size_t> shown_of_;
  std::vector<ShownNode> nodes_;
  std::map<std::string, std::vector<size_t>> segments_;
};

}  // namespace carnet::pipeline
