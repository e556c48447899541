#include "pipeline/trace.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/hex.h"
#include "pipeline/choose_statement.h"
#include "pipeline/uses.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/graph.h"
#include "statements/set_builder.h"
#include "statements/sum.h"

namespace carnet::pipeline {
namespace {

using statements::EdgeStatement;
using statements::Statement;
using statements::StatementSet;

constexpr size_t kLookedUpAtOnce = 256;  // rows in memory beside those of the walk

// Types of a run's edges, by the statement that each leads to. Edges that name none in this
// ledger are added to `unknown`.
std::unordered_map<StatementId, std::string> InputTypes(const StatementSet& set,
                                                        const Statement& run,
                                                        std::vector<std::string>& unknown) {
  std::unordered_map<StatementId, std::string> types;
  for (const statements::InputEdge& edge : statements::EdgesOf(set, run)) {
    const std::string type = schemas::EdgeTypeName(edge.type);
    if (edge.target != nullptr) {
      std::string& all = types[edge.target->id];
      all += (all.empty() ? "" : ", ") + type;
    }
    const bool undisclosed = edge.statement == EdgeStatement::kUndisclosed;
    if (edge.statement != EdgeStatement::kAbsent && !undisclosed) continue;
    unknown.push_back(
        fmt::format("{} {} ({})", type,
                    edge.model ? "sha256:" + HexEncode(edge.model->span()) : "an undisclosed model",
                    undisclosed ? "statement undisclosed" : "no passport"));
  }
  return types;
}

// A statement of the set is the node of its number.
size_t NodeOf(const Statement& statement) { return statement.number - 1; }

using NodesById = std::unordered_map<StatementId, size_t>;

// Adds the edges from one node. False if one leads to what cannot be read.
bool DrawEdges(const StatementSet& set, const NodesById& absent, const Statement& from,
               Trace& trace) {
  std::unordered_map<StatementId, std::string> types;
  if (from.kind() == schemas::Kind::kRun) types = InputTypes(set, from, trace.unknown_parents);
  bool inside = true;
  std::unordered_set<StatementId> drawn;
  for (const schemas::Reference& reference : from.references) {
    if (!drawn.insert(reference.target).second) continue;
    const Statement* to = set.Find(reference.target);
    const auto unread = absent.find(reference.target);
    if (to == nullptr) {
      inside = false;
      trace.unknown_parents.push_back(
          std::string(reference.field) + " " + LongId(reference.target) +
          (unread == absent.end() ? " (not in this ledger)" : " (its text is not in this ledger)"));
    }
    if (to == nullptr && unread == absent.end()) continue;
    const auto type = types.find(reference.target);
    trace.edges.push_back({NodeOf(from), to == nullptr ? unread->second : NodeOf(*to),
                           type == types.end() ? ReferenceLabel(reference.field) : type->second});
  }
  return inside;
}

// The edges of a statement whose text is absent: the index alone knows them.
void DrawKnownEdges(const std::vector<ledger::StatementRow>& rows, const NodesById& absent,
                    Trace& trace) {
  NodesById nodes;
  for (size_t i = 0; i < rows.size(); ++i) nodes.emplace(rows[i].id, i);
  for (const auto& [id, from] : absent)
    for (const StatementId& target : rows[from].references)
      if (const auto to = nodes.find(target); to != nodes.end())
        trace.edges.push_back({from, to->second, "refers to"});
}

// The statements of `rows` whose text is there, numbered as their nodes; the others go to `absent`.
Result<StatementSet> ReadNodes(const ledger::Reader& reader,
                               const std::vector<ledger::StatementRow>& rows,
                               const trust::Trust* trust, Trace& trace, NodesById& absent) {
  statements::SetBuilder builder;
  builder.Reserve(rows.size());
  for (const ledger::StatementRow& row : rows) {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(row.index));
    trace.nodes.push_back(Undescribed(entry, row.kind, trust));
    if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
      Describe(*absence, trace.nodes.back());
      absent.emplace(row.id, trace.nodes.size() - 1);
      continue;
    }
    const auto refused = builder.AddPayload(*entry.payload(), trace.nodes.size());
    if (!refused) continue;
    if (statements::IsLimit(refused->fault)) return Rejected("the lineage: " + refused->message);
    return Corruption("statement " + LongId(row.id) + " cannot be read back: " + refused->message);
  }
  StatementSet set = builder.Take();
  for (const Statement& statement : set) {
    Describe(statement.predicate, trace.nodes[NodeOf(statement)]);
  }
  return set;
}

// None for a subject whose compute no policy sums. Requires the closure of `start`.
Result<std::vector<TraceSum>> Sums(const StatementSet& closure, const Statement& start,
                                   const verifier::policy::Policy& policy) {
  std::vector<TraceSum> sums;
  if (start.kind() != schemas::Kind::kPassport && start.kind() != schemas::Kind::kCompletion) {
    return sums;
  }
  for (const verifier::policy::Threshold& threshold : policy.thresholds) {
    const statements::SumRule rule = verifier::policy::SumRuleOf(threshold);
    const auto sum = statements::SumAlong(closure, start, rule);
    if (!sum) return Corruption("the sum along the lineage overflows 128 bits");
    const bool update = rule.figure == statements::SummedFigure::kUpdate;
    sums.push_back({threshold.policy, threshold.id, update ? "update" : "total", sum->amount,
                    sum->lower_bound, threshold.value.ToString()});
  }
  return sums;
}

// Behind a dataset, device or allocation there is next to nothing: what is asked is what uses it.
TraceDirection UsualDirection(schemas::Kind kind) {
  const bool made = kind == schemas::Kind::kRun || IsAboutModel(kind);
  return made ? TraceDirection::kAncestors : TraceDirection::kBoth;
}

}  // namespace

Result<std::vector<ledger::StatementRow>> TraceIds(const ledger::Reader& reader,
                                                   const StatementId& start, size_t max_nodes) {
  std::vector<ledger::StatementRow> rows;
  std::unordered_set<StatementId> seen = {start};
  std::vector<StatementId> queue = {start};
  for (size_t at = 0; at < queue.size() && rows.size() < max_nodes;) {
    const size_t count = std::min({queue.size() - at, max_nodes - rows.size(), kLookedUpAtOnce});
    CARNET_TRY(auto found, reader.FindAll(std::span(queue).subspan(at, count)));
    at += count;
    for (std::optional<ledger::StatementRow>& row : found) {
      if (!row) continue;
      for (const StatementId& target : row->references)
        if (seen.insert(target).second) queue.push_back(target);
      rows.push_back(*std::move(row));
    }
  }
  return rows;
}

Result<Trace> TraceLineage(const ledger::Reader& reader, const SubjectDigest& subject,
                           const verifier::policy::Policy& policy, const trust::Trust* trust,
                           size_t max_nodes, std::optional<TraceDirection> asked) {
  CARNET_TRY(const ChosenStatement root, ChooseStatement(reader, subject, trust));
  CARNET_TRY(const ledger::StatementRow row, reader.Find(root.id));
  const TraceDirection direction = asked ? *asked : UsualDirection(row.kind);
  const bool back = direction != TraceDirection::kDescendants;
  CARNET_TRY(const auto rows, TraceIds(reader, root.id, back ? max_nodes : 1));
  Trace trace;
  trace.other_passports = root.other_passports;
  NodesById absent;
  CARNET_TRY(const StatementSet set, ReadNodes(reader, rows, trust, trace, absent));
  bool whole = back && absent.empty();
  if (back) {
    for (const Statement& statement : set)
      whole = DrawEdges(set, absent, statement, trace) && whole;
    DrawKnownEdges(rows, absent, trace);
  }
  if (whole) {
    CARNET_TRY(trace.sums, Sums(set, set[0], policy));
  }
  if (direction != TraceDirection::kAncestors) {
    CARNET_TRY(trace.uses, TraceUsesOf(reader, root, subject, trust, max_nodes));
  }
  return trace;
}

}  // namespace carnet::pipeline
