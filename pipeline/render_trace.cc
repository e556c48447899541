// How a trace is shown. The tree and the drawing fold a run's segments into one node: a run with a
// thousand checkpoints is still one thing to an auditor. JSON keeps every statement.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/trace.h"
#include "pipeline/trace_folding.h"

namespace carnet::pipeline {
namespace {

Folding LineageOf(const Trace& trace) { return {trace.nodes, trace.edges, Drawn::kLineage}; }
Folding UsesIn(const TraceUses& uses) {
  return {uses.nodes, uses.edges, Drawn::kUses, uses.starts};
}

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

constexpr size_t kMaxIndent = 60;  // against chains that a stranger makes as deep as wide

// A line for each shown node, below the one that leads to it.
template <typename Line>
std::string RenderBranches(const Folding& folding, const Line& line) {
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
    text += std::string(2 * std::min(next.depth, kMaxIndent), ' ') + line(node.text, next.label);
    const bool repeated = !seen.insert(next.node).second;
    text += repeated && !node.children.empty() ? "  (see above)\n" : "\n";
    if (repeated) continue;
    for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
      stack.push_back({child->second, child->first, next.depth + 1});
    }
  }
  return text;
}

std::string UsesLines(const TraceUses& uses) {
  std::string text;
  const Folding folding = UsesIn(uses);
  if (folding.nodes()[0].children.empty()) text += "used by nothing in this ledger\n";
  if (!folding.nodes()[0].children.empty()) {
    text += RenderBranches(folding, [](const std::string& node, const std::string& label) {
      return label.empty() ? std::string("used by") : node + "  as " + label;
    });
  }
  if (uses.strangers == 0) return text;
  return text + fmt::format("{} {} by strangers left out\n", uses.strangers,
                            uses.strangers == 1 ? "statement" : "statements");
}

std::string RenderTree(const Trace& trace) {
  std::string text =
      RenderBranches(LineageOf(trace), [](const std::string& node, const std::string& label) {
        // "run: run fine-tune" would repeat a word.
        return label.empty() || node.starts_with(label) ? node : label + ": " + node;
      });
  for (const std::string& parent : trace.unknown_parents) text += "unknown: " + parent + "\n";
  if (trace.uses) text += UsesLines(*trace.uses);
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

void DrawBox(const std::string& name, const std::string& text, std::string& to) {
  to += "  " + name + " [label=" + DotQuoted(text) + "];\n";
}

void DrawArrow(const std::string& from, const std::string& to, const std::string& label,
               std::string& text) {
  text += "  " + from + " -> " + to + " [label=" + DotQuoted(label) + "];\n";
}

// The subject is drawn once, as the lineage's.
void DrawUses(const TraceUses& uses, std::string& text) {
  const Folding folding = UsesIn(uses);
  const auto name = [](size_t i) { return i == 0 ? std::string("n0") : "u" + std::to_string(i); };
  for (size_t i = 1; i < folding.nodes().size(); ++i)
    DrawBox(name(i), folding.nodes()[i].text, text);
  for (size_t i = 0; i < folding.nodes().size(); ++i)
    for (const auto& [label, user] : folding.nodes()[i].children)
      DrawArrow(name(user), name(i), label, text);
}

std::string RenderDot(const Trace& trace) {
  const Folding folding = LineageOf(trace);
  std::string text =
      "digraph lineage {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  const auto name = [](size_t i) { return "n" + std::to_string(i); };
  for (size_t i = 0; i < folding.nodes().size(); ++i)
    DrawBox(name(i), folding.nodes()[i].text, text);
  for (size_t i = 0; i < folding.nodes().size(); ++i)
    for (const auto& [label, to] : folding.nodes()[i].children)
      DrawArrow(name(i), name(to), label, text);
  if (trace.uses) DrawUses(*trace.uses, text);
  return text + "}\n";
}

void WriteNodes(const std::vector<TraceNode>& nodes, json::Writer& writer) {
  writer.Key("nodes").BeginArray();
  for (const TraceNode& node : nodes) {
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

void WriteEdges(const std::vector<TraceNode>& nodes, const std::vector<TraceEdge>& edges,
                json::Writer& writer) {
  writer.Key("edges").BeginArray();
  for (const TraceEdge& edge : edges) {
    writer.BeginObject()
        .Member("from", HexEncode(nodes[edge.from].id.span()))
        .Member("to", HexEncode(nodes[edge.to].id.span()))
        .Member("label", edge.label)
        .EndObject();
  }
  writer.EndArray();
}

void WriteUses(const TraceUses& uses, json::Writer& writer) {
  writer.Key("uses").BeginObject();
  WriteNodes(uses.nodes, writer);
  WriteEdges(uses.nodes, uses.edges, writer);
  writer.Member("starts", uint64_t{uses.starts}).Member("strangers", uses.strangers).EndObject();
}

std::string RenderJson(const Trace& trace) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("verified", false);
  WriteNodes(trace.nodes, writer);
  WriteEdges(trace.nodes, trace.edges, writer);
  writer.Key("unknown_parents").BeginArray();
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
  writer.EndArray().Member("other_passports", uint64_t{trace.other_passports});
  if (trace.uses) WriteUses(*trace.uses, writer);
  return writer.EndObject().Take();
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
