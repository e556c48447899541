#include "pipeline/trace.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/hex.h"
#include "core/utf8.h"
#include "pipeline/statements_about.h"
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

std::string Name(const StatementId& id) { return "sha256:" + HexEncode(id.span()); }

std::string AmountText(bool present, wire::FlopAmount::Reader amount) {
  if (!present) return "";
  return amount.isUndisclosed() ? "undisclosed" : schemas::FlopOf(amount).ToString();
}

std::string SegmentFlopText(wire::Segment::Reader segment) {
  if (!segment.getFlop().hasTotal()) return "";
  const auto total = segment.getFlop().getTotal();
  return total.isUndisclosed() ? "undisclosed" : AmountText(true, total.getStated().getAmount());
}

// "4 x h100-sxm5", or a CPU by its model.
std::string DeviceLabel(wire::Device::Reader device) {
  const auto chip = device.hasCpu() ? device.getCpu().getModel() : device.getChip();
  return std::to_string(device.getUnits().getValue()) + " x " + std::string(schemas::TextOf(chip));
}

// An edge's label: the field without its list marks, or the edge's type.
std::string EdgeLabel(std::string_view field) {
  if (field == "last[]") return "segments";
  if (field == "datasets[].statement") return "dataset";
  if (field == "usage[].device" || field == "devices[]") return "device";
  if (field == "usage[].allocation" || field == "allocations[]") return "allocation";
  return std::string(field.substr(0, field.find('[')));
}

// Sets a node's label and figure from its predicate.
void Describe(const schemas::Predicate& predicate, TraceNode& node) {
  using schemas::Kind;
  using schemas::ReaderOf;
  using schemas::TextOf;
  switch (predicate.kind()) {
    case Kind::kDataset:
      node.label = TextOf(ReaderOf<wire::Dataset>(predicate).getName());
      return;
    case Kind::kDevice:
      node.label = DeviceLabel(ReaderOf<wire::Device>(predicate));
      return;
    case Kind::kAllocation:
      return;
    case Kind::kRun:
      node.label =
          schemas::RunKindName(schemas::RunKindOf(ReaderOf<wire::Run>(predicate).getKind()));
      node.label_is_ours = true;
      return;
    case Kind::kSegment: {
      const auto segment = ReaderOf<wire::Segment>(predicate);
      const uint64_t lane = segment.hasLane() ? segment.getLane().getValue() : 0;
      node.label = std::to_string(segment.getSeq().getValue());
      if (lane != 0) node.label += " of lane " + std::to_string(lane);
      node.flop = SegmentFlopText(segment);
      node.run = schemas::DigestOf<StatementId>(segment.getRun());
      node.label_is_ours = true;
      return;
    }
    case Kind::kCompletion: {
      const auto completion = ReaderOf<wire::Completion>(predicate);
      node.label = completion.getOutcome() == wire::Outcome::ABORTED ? "aborted" : "completed";
      node.label_is_ours = true;
      node.flop = AmountText(completion.getFlop().hasTotal(), completion.getFlop().getTotal());
      return;
    }
    case Kind::kPassport: {
      const auto passport = ReaderOf<wire::Passport>(predicate);
      node.label = TextOf(passport.getName());
      node.flop = AmountText(true, passport.getFlop().getCumulative());
      return;
    }
    case Kind::kVerdict:
      node.label = TextOf(ReaderOf<wire::Verdict>(predicate).getVerificationResult());
      return;
  }
}

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
          std::string(reference.field) + " " + Name(reference.target) +
          (unread == absent.end() ? " (not in this ledger)" : " (its text is not in this ledger)"));
    }
    if (to == nullptr && unread == absent.end()) continue;
    const auto type = types.find(reference.target);
    trace.edges.push_back({NodeOf(from), to == nullptr ? unread->second : NodeOf(*to),
                           type == types.end() ? EdgeLabel(reference.field) : type->second});
  }
  return inside;
}

std::string AbsenceLabel(const schemas::Absence& absence) {
  const bool erased = absence.cause == schemas::AbsenceCause::kErased;
  return fmt::format("({} since {})", erased ? "erased" : "withheld",
                     FormatTimestamp(absence.since));
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
    const trust::TrustedKey* key = trust == nullptr ? nullptr : trust->FindSigner(entry.signer);
    trace.nodes.push_back({row.id, row.index, row.kind, entry.signer,
                           key == nullptr ? "" : key->party, "", "", std::nullopt});
    if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
      trace.nodes.back().label = AbsenceLabel(*absence);
      trace.nodes.back().label_is_ours = true;
      absent.emplace(row.id, trace.nodes.size() - 1);
      continue;
    }
    const auto refused = builder.AddPayload(*entry.payload(), trace.nodes.size());
    if (!refused) continue;
    if (statements::IsLimit(refused->fault)) return Rejected("the lineage: " + refused->message);
    return Corruption("statement " + Name(row.id) + " cannot be read back: " + refused->message);
  }
  StatementSet set = builder.Take();
  for (const Statement& statement : set) {
    Describe(statement.predicate, trace.nodes[NodeOf(statement)]);
  }
  return set;
}

// Which of the statements about one digest a user most likely means.
int Preference(schemas::Kind kind) {
  switch (kind) {
    case schemas::Kind::kPassport:
      return 3;
    case schemas::Kind::kCompletion:
      return 2;
    case schemas::Kind::kSegment:
      return 1;
    default:
      return 0;
  }
}

// Anyone may log a statement about any digest: those of trusted parties come first.
bool IsTrusted(const trust::Trust* trust, const SignerId& signer, schemas::Kind kind) {
  const trust::TrustedKey* key = trust == nullptr ? nullptr : trust->FindSigner(signer);
  return key != nullptr && key->kinds.contains(kind);
}

struct Subject {
  StatementId id;
  size_t other_passports = 0;
};

Result<Subject> Resolve(const ledger::Reader& reader, const SubjectDigest& subject,
                        const trust::Trust* trust) {
  const auto id = Retag<StatementId>(subject);
  if (reader.Find(id)) return Subject{id};
  std::optional<Subject> best;
  std::pair<bool, int> rank;
  size_t passports = 0;
  const auto compare = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
    if (row.kind == schemas::Kind::kPassport) ++passports;
    const std::pair own(IsTrusted(trust, entry.signer, row.kind), Preference(row.kind));
    if (best && own < rank) return true;
    best = Subject{entry.id};
    rank = own;
    return true;
  };
  CARNET_TRY_VOID(VisitAbout(reader, subject, compare));
  if (!best) {
    return NotFound(
        fmt::format("sha256:{} is neither a statement in this ledger nor the subject of one",
                    HexEncode(subject.span())));
  }
  const bool is_passport = rank.second == Preference(schemas::Kind::kPassport);
  best->other_passports = passports - (is_passport ? 1 : 0);
  return *best;
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

}  // namespace

Result<SubjectDigest> ParseTraceSubject(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  const std::string_view hex = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
  const auto digest = HexDecodeTo<SubjectDigest>(hex);
  if (!digest) {
    return Malformed(
        fmt::format("\"{}\" is not a digest: expected 64 lowercase hex digits, with or without "
                    "`sha256:` before "
                    "them",
                    Printable(text)));
  }
  return *digest;
}

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
                           size_t max_nodes) {
  CARNET_TRY(const Subject root, Resolve(reader, subject, trust));
  CARNET_TRY(const auto rows, TraceIds(reader, root.id, max_nodes));
  Trace trace;
  trace.other_passports = root.other_passports;
  NodesById absent;
  CARNET_TRY(const StatementSet set, ReadNodes(reader, rows, trust, trace, absent));
  bool whole = absent.empty();
  for (const Statement& statement : set) whole = DrawEdges(set, absent, statement, trace) && whole;
  DrawKnownEdges(rows, absent, trace);
  if (whole) {
    CARNET_TRY(trace.sums, Sums(set, set[0], policy));
  }
  return trace;
}

}  // namespace carnet::pipeline
