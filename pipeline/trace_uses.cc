#include "pipeline/trace_uses.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "pipeline/uses.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "sigstore/statement.h"

namespace carnet::pipeline {
namespace {

using PlaceOf = std::unordered_map<StatementId, size_t>;

// The references of one node that lead to others.
class EdgeMaker {
 public:
  EdgeMaker(const PlaceOf& places, size_t from, std::vector<TraceEdge>& to)
      : places_(places), from_(from), edges_(to) {}

  void Add(const StatementId& target, std::string label) {
    if (const auto place = places_.find(target); place != places_.end())
      AddTo(place->second, std::move(label));
  }
  void AddTo(size_t place, std::string label) {
    if (drawn_.emplace(place, label).second) edges_.push_back({from_, place, std::move(label)});
  }
  bool leads_to_start(size_t starts) const {
    return std::any_of(drawn_.begin(), drawn_.end(),
                       [&](const auto& edge) { return edge.first < starts; });
  }

 private:
  const PlaceOf& places_;
  size_t from_;
  std::vector<TraceEdge>& edges_;
  std::set<std::pair<size_t, std::string>> drawn_;
};

// Edges of a run that name the model and none of the statements about it.
void AddModelEdges(const schemas::Predicate& run, const ModelDigest& model, EdgeMaker& edges) {
  for (const auto input : schemas::ReaderOf<wire::Run>(run).getInputs()) {
    if (!input.getModel().isBytes()) continue;
    if (schemas::DigestOf<ModelDigest>(input.getModel()) != model) continue;
    edges.AddTo(0, std::string(schemas::EdgeTypeName(schemas::EdgeTypeOf(input.getType()))));
  }
}

// Reads one node's text, describes it and draws its references.
Result<> AddNode(const ledger::Reader& reader, const User& user, const trust::Trust* trust,
                 const std::optional<ModelDigest>& model, const PlaceOf& places, TraceUses& uses) {
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(user.index));
  uses.nodes.push_back(Undescribed(entry, user.kind, trust));
  TraceNode& node = uses.nodes.back();
  EdgeMaker edges(places, uses.nodes.size() - 1, uses.edges);
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
    Describe(*absence, node);
    for (const StatementId& target : user.references) edges.Add(target, "refers to");
    return Ok();
  }
  const auto read = sigstore::ReadStatement(*entry.payload());
  const auto* statement = std::get_if<sigstore::Statement>(&read);
  if (statement == nullptr)
    return Corruption("statement " + LongId(entry.id) + " cannot be read back");
  Describe(statement->predicate, node);
  for (const schemas::Reference& reference : schemas::StrongReferences(statement->predicate))
    edges.Add(reference.target, reference.edge ? std::string(schemas::EdgeTypeName(*reference.edge))
                                               : ReferenceLabel(reference.field));
  if (model && user.kind == schemas::Kind::kRun && !edges.leads_to_start(uses.starts))
    AddModelEdges(statement->predicate, *model, edges);
  return Ok();
}

// The chosen one first.
Result<std::vector<StatementId>> StartsOf(const ledger::Reader& reader,
                                          const ChosenStatement& chosen, schemas::Kind kind,
                                          const SubjectDigest& digest, const trust::Trust* trust) {
  std::vector<StatementId> starts = {chosen.id};
  if (chosen.by_id) return starts;
  const auto like_it = [&](schemas::Kind other) {
    return IsAboutModel(kind) ? IsAboutModel(other) : other == kind;
  };
  CARNET_TRY(const auto about, StatementsAbout(reader, digest, like_it, trust));
  for (const StatementId& id : about)
    if (id != chosen.id) starts.push_back(id);
  return starts;
}

}  // namespace

Result<TraceUses> TraceUsesOf(const ledger::Reader& reader, const ChosenStatement& chosen,
                              const SubjectDigest& digest, const trust::Trust* trust,
                              size_t max_users) {
  CARNET_TRY(const ledger::StatementRow subject, reader.Find(chosen.id));
  UsesOf of;
  CARNET_TRY(of.starts, StartsOf(reader, chosen, subject.kind, digest, trust));
  if (!chosen.by_id && IsAboutModel(subject.kind)) of.model = Retag<ModelDigest>(digest);
  of.trust = trust;
  of.max_users = max_users;
  CARNET_TRY(const Uses found, FindUses(reader, of));
  TraceUses uses;
  uses.starts = of.starts.size();
  uses.strangers = found.strangers;
  PlaceOf places;
  for (const StatementId& start : of.starts) places.emplace(start, places.size());
  for (const User& user : found.users) places.emplace(user.id, places.size());
  for (const StatementId& start : of.starts) {
    CARNET_TRY(const ledger::StatementRow row, reader.Find(start));
    CARNET_TRY(TraceNode node, ReadLogged(reader, row.index, trust));
    uses.nodes.push_back(std::move(node));
  }
  for (const User& user : found.users)
    CARNET_TRY_VOID(AddNode(reader, user, trust, of.model, places, uses));
  return uses;
}

}  // namespace carnet::pipeline
