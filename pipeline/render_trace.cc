// How a trace is shown. The tree and the drawing fold a run's segments into one node: a run with a
// thousand checkpoints is still one thing to an auditor. JSON keeps every statement.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "pipeline/trace.h"

namespace carnet::pipeline {
namespace {

std::string ShortId(const StatementId& id) {
  return "sha256:" + HexEncode(id.span().first<4>()) + "…";
}

// The party, or the first digits of the key.
std::string SpeakerOf(const TraceNode& node) {
  constexpr size_t kKeyDigits = 12;  // "key:" and eight of 64
  return node.party.empty() ? node.signer.ToString().substr(0, kKeyDigits) + "…" : node.party;
}

std::string ScientificOf(const std::string& flop) {
  const auto exact = Flop::Parse(flop);
  return exact ? exact->ToScientific() : flop;
}

struct ShownNode {
  std::string text;
  std::vector<std::pair<std::string, size_t>> children;  // edge label, shown node
};

// Maps trace nodes to shown nodes: a segment to the one that represents its run's segments.
class Folding {
 public:
  explicit Folding(const Trace& trace) : trace_(trace), shown_of_(trace.nodes.size()) {
    for (size_t i = 0; i < trace.nodes.size(); ++i) Place(i);
    for (const auto& [run, segments] : segments_)
      nodes_[shown_of_[segments[0]]].text = Fold(segments);
    // A segment's edge back to its run is not drawn if something else leads there.
    const auto back_to_run = [&trace](const TraceEdge& edge) {
      return trace.nodes[edge.from].run == trace.nodes[edge.to].id;
    };
    std::set<size_t> reached;
    for (const TraceEdge& edge : trace.edges) {
      if (!back_to_run(edge)) reached.insert(edge.to);
    }
    std::set<std::pair<size_t, size_t>> drawn;
    for (const TraceEdge& edge : trace.edges) {
      const size_t from = shown_of_[edge.from], to = shown_of_[edge.to];
      if (from == to || (back_to_run(edge) && reached.contains(edge.to))) continue;
      if (drawn.insert({from, to}).second) nodes_[from].children.emplace_back(edge.label, to);
    }
  }

  const std::vector<ShownNode>& nodes() const { return nodes_; }

 private:
  void Place(size_t i) {
    const TraceNode& node = trace_.nodes[i];
    if (node.run) {
      auto& segments = segments_[HexEncode(node.run->span())];
      segments.push_back(i);
      if (segments.size() > 1) {
        shown_of_[i] = shown_of_[segments[0]];
        return;
      }
    }
    shown_of_[i] = nodes_.size();
    nodes_.push_back({Text(node), {}});
  }

  // What a statement says of itself is quoted, with who says it: a name can be any text.
  static std::string Text(const TraceNode& node) {
    std::string text(schemas::KindName(node.kind));
    if (!node.label.empty()) {
      text += node.label_is_ours ? " " + node.label
                                 : " " + Quoted(node.label) + ", says " + SpeakerOf(node);
    }
    text += "  " + ShortId(node.id);
    if (!node.flop.empty()) text += "  " + ScientificOf(node.flop) + " FLOP";
    return text;
  }

  std::string Fold(const std::vector<size_t>& segments) const {
    if (segments.size() == 1) return Text(trace_.nodes[segments[0]]);
    std::optional<Flop> sum = Flop(0);
    bool complete = true;
    for (const size_t i : segments) {
      const auto flop = Flop::Parse(trace_.nodes[i].flop);
      if (!flop) {
        complete = false;
        continue;
      }
      if (sum) sum = CheckedAdd(*sum, *flop);
    }
    std::string text = std::to_string(segments.size()) + " segments";
    if (sum)
      text += "  " + std::string(complete ? "" : "at least ") + sum->ToScientific() + " FLOP";
    return text;
  }

  const Trace& trace_;
  std::vector<size_t> shown_of_;
  std::vector<ShownNode> nodes_;
  std::map<std::string, std::vector<size_t>> segments_;
};

std::string SumLine(const TraceSum& sum) {
  const auto limit = Flop::Parse(sum.limit);
  return fmt::format("{} counts {}: {}{} FLOP ({}), threshold {} {}", sum.policy, sum.figure,
                     sum.lower_bound ? "at least " : "", sum.amount.ToString(),
                     sum.amount.ToScientific(), sum.threshold,
                     limit ? limit->ToScientific() : sum.limit);
}

std::string OthersLine(const Trace& trace) {
  if (trace.other_passports == 0) return "";
  return fmt::format("{} other {} about this digest in this ledger\n", trace.other_passports,
                     trace.other_passports == 1 ? "passport is" : "passports are");
}

std::string RenderTree(const Trace& trace) {
  const Folding folding(trace);
  struct Pending {
    size_t node;
    std::string label;
    size_t depth;
  };
  std::string text;
  std::set<size_t> seen;
  std::vector<Pending> stack = {{0, "", 0}};
  while (!stack.empty()) {
    const Pending next = stack.back();
    stack.pop_back();
    const ShownNode& node = folding.nodes()[next.node];
    text += std::string(next.depth * 2, ' ');
    // "run: run fine-tune" would repeat a word.
    if (!next.label.empty() && !node.text.starts_with(next.label)) text += next.label + ": ";
    text += node.text;
    const bool repeated = !seen.insert(next.node).second;
    text += repeated && !node.children.empty() ? "  (see above)\n" : "\n";
    if (repeated) continue;
    for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
      stack.push_back({child->second, child->first, next.depth + 1});
    }
  }
  for (const std::string& parent : trace.unknown_parents) text += "unknown: " + parent + "\n";
  for (const TraceSum& sum : trace.sums) text += SumLine(sum) + "\n";
  text += OthersLine(trace);
  text += "nothing was verified: this is what the ledger contains\n";
  return text;
}

std::string DotQuoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string RenderDot(const Trace& trace) {
  const Folding folding(trace);
  std::string text =
      "digraph lineage {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (size_t i = 0; i < folding.nodes().size(); ++i) {
    text += "  n" + std::to_string(i) + " [label=" + DotQuoted(folding.nodes()[i].text) + "];\n";
  }
  for (size_t i = 0; i < folding.nodes().size(); ++i) {
    for (const auto& [label, to] : folding.nodes()[i].children) {
      text += "  n" + std::to_string(i) + " -> n" + std::to_string(to) +
              " [label=" + DotQuoted(label) + "];\n";
    }
  }
  return text + "}\n";
}

void WriteNodes(const Trace& trace, json::Writer& writer) {
  writer.Key("nodes").BeginArray();
  for (const TraceNode& node : trace.nodes) {
    writer.BeginObject()
        .Member("statement", HexEncode(node.id.span()))
        .Member("index", node.index.value())
        .Member("kind", schemas::KindName(node.kind))
        .Member("signer", node.signer.ToString())
        .Member("label", node.label);
    if (!node.party.empty()) writer.Member("party", node.party);
    if (!node.flop.empty()) writer.Member("flop", node.flop);
    if (node.run) writer.Member("run", HexEncode(node.run->span()));
    writer.EndObject();
  }
  writer.EndArray();
}

std::string RenderJson(const Trace& trace) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("verified", false);
  WriteNodes(trace, writer);
  writer.Key("edges").BeginArray();
  for (const TraceEdge& edge : trace.edges) {
    writer.BeginObject()
        .Member("from", HexEncode(trace.nodes[edge.from].id.span()))
        .Member("to", HexEncode(trace.nodes[edge.to].id.span()))
        .Member("label", edge.label)
        .EndObject();
  }
  writer.EndArray().Key("unknown_parents").BeginArray();
  for (const std::string& parent : trace.unknown_parents) writer.String(parent);
  writer.EndArray().Key("sums").BeginArray();
  for (const TraceSum& sum : trace.sums) {
    writer.BeginObject()
        .Member("policy", sum.policy)
        .Member("threshold", sum.threshold)
        .Member("figure", sum.figure)
        .Member("flop", sum.amount.ToString())
        .Member("lower_bound", sum.lower_bound)
        .Member("limit", sum.limit)
        .EndObject();
  }
  return writer.EndArray()
      .Member("other_passports", uint64_t{trace.other_passports})
      .EndObject()
      .Take();
}

}  // namespace

std::string RenderTrace(const Trace& trace, TraceFormat format) {
  CARNET_CHECK(!trace.nodes.empty());
  switch (format) {
    case TraceFormat::kTree:
      return RenderTree(trace);
    case TraceFormat::kJson:
      return RenderJson(trace);
    case TraceFormat::kDot:
      return RenderDot(trace);
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::pipeline
