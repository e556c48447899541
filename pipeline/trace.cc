#include "pipeline/trace.h"

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/hex.h"
#include "pipeline/closure.h"
#include "pipeline/predicate_fields.h"
#include "pipeline/segment_totals.h"
#include "schemas/enum_names.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "verifier/bundle/read_passport.h"
#include "verifier/compute/sum.h"

namespace carnet::pipeline {
namespace {

namespace compute = verifier::compute;

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

// How an edge reads: the field without its list marks, or the edge's type.
std::string EdgeLabel(std::string_view field) {
  if (field == "last[]") return "segments";
  if (field == "datasets[].statement") return "dataset";
  if (field == "usage[].device" || field == "devices[]") return "device";
  if (field == "usage[].allocation" || field == "allocations[]") return "allocation";
  return std::string(field.substr(0, field.find('[')));
}

// Label and figure of a node, from its predicate.
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
          schemas::RunKindName(static_cast<uint16_t>(ReaderOf<wire::Run>(predicate).getKind()));
      return;
    case Kind::kSegment: {
      const auto segment = ReaderOf<wire::Segment>(predicate);
      const uint64_t lane = segment.hasLane() ? segment.getLane().getValue() : 0;
      node.label = std::to_string(segment.getSeq().getValue());
      if (lane != 0) node.label += " of lane " + std::to_string(lane);
      node.flop = SegmentFlopText(segment);
      node.run = schemas::DigestOf<StatementId>(segment.getRun());
      return;
    }
    case Kind::kCompletion: {
      const auto completion = ReaderOf<wire::Completion>(predicate);
      node.label = completion.getOutcome() == wire::Outcome::ABORTED ? "aborted" : "completed";
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

// Edges of a run by their type, and those that lead to nothing in this ledger.
void RunEdges(wire::Run::Reader run, std::unordered_map<StatementId, std::string>& labels,
              std::vector<std::string>& unknown) {
  for (const auto edge : run.getInputs()) {
    const std::string type = schemas::EdgeTypeName(static_cast<uint16_t>(edge.getType()));
    const bool named = edge.hasStatement() && !edge.getStatement().isUndisclosed();
    if (named) {
      labels[schemas::DigestOf<StatementId>(edge.getStatement())] = type;
      continue;
    }
    const bool model = edge.hasModel() && !edge.getModel().isUndisclosed();
    unknown.push_back(
        type + " " +
        (model ? "sha256:" + HexEncode(schemas::DigestOf<ModelDigest>(edge.getModel()).span())
               : "an undisclosed model") +
        (edge.hasStatement() ? " (statement undisclosed)" : " (no passport)"));
  }
}

Result<schemas::Kind> KindAt(const ledger::Reader& reader, LeafIndex index) {
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
  CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
  return row.kind;
}

// Which of the statements about one digest a user means first.
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

Result<StatementId> Resolve(const ledger::Reader& reader, const SubjectDigest& subject) {
  const auto id = Retag<StatementId>(subject);
  if (reader.Find(id).has_value()) return id;
  constexpr size_t kMaxLookedAt = 10'000;
  CARNET_TRY(const auto indices, reader.BySubject(subject, kMaxLookedAt));
  std::optional<LeafIndex> best;
  int preference = -1;
  for (const LeafIndex index : indices) {
    CARNET_TRY(const schemas::Kind kind, KindAt(reader, index));
    if (Preference(kind) < preference) continue;
    preference = Preference(kind);
    best = index;
  }
  if (!best) {
    return NotFound("sha256:" + HexEncode(subject.span()) +
                    " is neither a statement of this ledger nor the subject of one");
  }
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(*best));
  return entry.id;
}

Result<std::vector<TraceSum>> Sums(const ledger::Reader& reader, const StatementId& root,
                                   const verifier::policy::Policy& policy) {
  CARNET_TRY(const auto bundles, CollectClosure(reader, root));
  verifier::Findings findings;
  const verifier::PassportFile file = verifier::bundle::ReadPassport(WriteLines(bundles), findings);
  const verifier::Line* start = file.Find(root);
  std::vector<TraceSum> sums;
  if (start == nullptr ||
      (start->kind() != schemas::Kind::kPassport && start->kind() != schemas::Kind::kCompletion)) {
    return sums;
  }
  for (const verifier::policy::Threshold& threshold : policy.thresholds) {
    const bool update = threshold.figure == verifier::policy::Figure::kUpdate;
    const compute::SumRule rule = {
        update ? compute::SummedFigure::kUpdate : compute::SummedFigure::kTotal,
        {threshold.edges.begin(), threshold.edges.end()},
        false,
        threshold.non_public_synthetic ? compute::Synthetic::kNonPublic
                                       : compute::Synthetic::kNone};
    const auto sum = compute::SumAlong(file, *start, rule);
    if (!sum) return Corruption("the sum along the lineage overflows 128 bits");
    sums.push_back({policy.id, threshold.id, update ? "update" : "total", sum->amount,
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
    return Malformed("\"" + std::string(text) +
                     "\" is no digest: 64 lowercase hex digits, with or without sha256: before");
  }
  return *digest;
}

Result<std::vector<ledger::StatementRow>> TraceIds(const ledger::Reader& reader,
                                                   const StatementId& start, size_t max_nodes) {
  std::vector<ledger::StatementRow> rows;
  std::unordered_set<StatementId> seen = {start};
  std::vector<StatementId> queue = {start};
  for (size_t at = 0; at < queue.size() && rows.size() < max_nodes; ++at) {
    auto row = reader.Find(queue[at]);
    if (!row.has_value()) {
      if (row.error().code == ErrorCode::kNotFound) continue;
      return std::move(row).error();
    }
    for (const StatementId& target : row->references) {
      if (seen.insert(target).second) queue.push_back(target);
    }
    rows.push_back(std::move(*row));
  }
  return rows;
}

Result<Trace> TraceLineage(const ledger::Reader& reader, const SubjectDigest& subject,
                           const verifier::policy::Policy& policy, size_t max_nodes) {
  CARNET_TRY(const StatementId root, Resolve(reader, subject));
  CARNET_TRY(const auto rows, TraceIds(reader, root, max_nodes));
  Trace trace;
  std::unordered_map<StatementId, size_t> at;
  for (size_t i = 0; i < rows.size(); ++i) at.emplace(rows[i].id, i);
  for (size_t i = 0; i < rows.size(); ++i) {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(rows[i].index));
    sigstore::Bundle bundle;
    bundle.envelope.payload = entry.payload;
    CARNET_TRY(const schemas::Predicate predicate, ReadOwnStatement(bundle));
    TraceNode node{rows[i].id, rows[i].index, rows[i].kind, entry.signer, "", "", std::nullopt};
    Describe(predicate, node);
    trace.nodes.push_back(std::move(node));
    std::unordered_map<StatementId, std::string> labels;
    if (rows[i].kind == schemas::Kind::kRun) {
      RunEdges(schemas::ReaderOf<wire::Run>(predicate), labels, trace.unknown_parents);
    }
    std::unordered_set<StatementId> drawn;
    for (const schemas::Reference& reference : schemas::StrongReferences(predicate)) {
      if (!drawn.insert(reference.target).second) continue;
      const auto target = at.find(reference.target);
      const auto label = labels.find(reference.target);
      if (target == at.end()) {
        trace.unknown_parents.push_back(std::string(reference.field) + " " +
                                        Name(reference.target) + " (not in this ledger)");
        continue;
      }
      trace.edges.push_back(
          {i, target->second, label == labels.end() ? EdgeLabel(reference.field) : label->second});
    }
  }
  if (trace.unknown_parents.empty() || rows.size() < max_nodes) {
    auto sums = Sums(reader, root, policy);
    if (sums.has_value()) {
      trace.sums = std::move(sums).value();
    } else if (sums.error().code != ErrorCode::kNotFound) {
      return std::move(sums).error();
    }
  }
  return trace;
}

}  // namespace carnet::pipeline
