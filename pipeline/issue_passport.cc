#include "pipeline/issue_passport.h"

#include <set>

#include "core/hex.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/closure.h"
#include "pipeline/draft.h"
#include "pipeline/predicate_fields.h"
#include "pipeline/segment_totals.h"
#include "schemas/codec.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/set_builder.h"
#include "statements/sum.h"

namespace carnet::pipeline {
namespace {

using schemas::EdgeType;

// Every type that carries weights, and synthetic data: what EU law sums for systemic risk.
std::set<EdgeType> DefaultEdges() {
  std::set<EdgeType> edges = {EdgeType::kSyntheticDataFrom};
  for (const EdgeType type : schemas::kEdgeTypes) {
    if (schemas::CarriesWeights(type)) edges.insert(type);
  }
  return edges;
}

Result<std::set<EdgeType>> ReadEdges(json::Value flop, std::string_view name) {
  const auto edges = flop.is(json::Type::kObject) ? flop.Find("edges") : std::nullopt;
  if (!edges || flop.size() != 1 || !edges->is(json::Type::kArray)) {
    return Malformed(std::string(name) +
                     ": flop may hold `edges`, a list of edge types, and nothing else: the figures "
                     "are summed by carnet");
  }
  std::set<EdgeType> types;
  for (auto edge = edges->first_child(); edge; edge = edge->next()) {
    const auto type =
        edge->is(json::Type::kString) ? schemas::ParseEdgeType(edge->string()) : std::nullopt;
    if (!type) return Malformed(std::string(name) + ": flop.edges: not an edge type");
    types.insert(*type);
  }
  return types;
}

struct ReadDraft {
  std::string rest;  // the draft without `flop`
  std::set<EdgeType> edges;
  bool has_parameters;
};

Result<ReadDraft> SplitDraft(std::string_view draft, std::string_view name) {
  const auto tree = json::Parse(draft);
  if (!tree.has_value()) return tree.error().In(name);
  const json::Value root = tree->root();
  if (!root.is(json::Type::kObject)) return Malformed(std::string(name) + ": not a JSON object");
  ReadDraft read{"", DefaultEdges(), root.Find("parameters").has_value()};
  json::Writer writer;
  writer.BeginObject();
  for (auto member = root.first_child(); member; member = member->next()) {
    if (member->key() == "flop") {
      CARNET_TRY(read.edges, ReadEdges(*member, name));
    } else {
      writer.Key(member->key()).Copy(*member);
    }
  }
  read.rest = writer.EndObject().Take();
  return read;
}

// Sum of the elements of the model's unpacked weight sets. Errors: malformed where there is none.
Result<uint64_t> CountParameters(const artifact::ModelFiles& model, std::string_view name) {
  uint64_t total = 0;
  for (const artifact::WeightSet& set : model.weight_sets) {
    if (set.packed || __builtin_add_overflow(total, set.elements, &total)) total = 0;
  }
  if (total == 0) {
    return Malformed(std::string(name) +
                     ": parameters: state `total`; the weight files do not tell it");
  }
  return total;
}

Result<std::string> FlopJson(const statements::StatementSet& closure,
                             const statements::Statement& completion,
                             const std::set<EdgeType>& edges) {
  const auto update = statements::SumAlong(closure, completion, statements::ParameterUpdateRule());
  const auto total = statements::SumAlong(closure, completion, statements::CumulativeRule(edges));
  if (!update || !total) return Malformed("flop: the sum over the segments overflows 128 bits");
  const auto figure = [](const statements::FlopSum& sum) {
    return sum.lower_bound ? std::string("undisclosed") : sum.amount.ToString();
  };
  json::Writer writer;
  writer.BeginObject()
      .Member("parameter_update", figure(*update))
      .Member("cumulative", figure(*total))
      .Key("edges")
      .BeginArray();
  for (const EdgeType edge : edges) writer.String(schemas::EdgeTypeName(edge));
  return writer.EndArray().EndObject().Take();
}

Result<statements::StatementSet> ReadClosure(const std::vector<sigstore::Bundle>& bundles) {
  auto closure = statements::FromBundles(bundles);
  if (closure.has_value() || closure.error().code != ErrorCode::kMalformed) return closure;
  return Corruption("the ledger's statements do not read back: " + closure.error().message);
}

// Fields that follow from the completion, the files and the sums.
Result<AddedFields> PassportFields(const PassportRequest& request, const ReadDraft& draft,
                                   const artifact::ModelFiles& model,
                                   const ledger::Reader& reader) {
  CARNET_TRY(const auto bundles, CollectClosure(reader, request.completion));
  CARNET_TRY(const statements::StatementSet closure, ReadClosure(bundles));
  const statements::Statement& completion = closure[0];
  if (completion.kind() != schemas::Kind::kCompletion) {
    return Rejected("sha256:" + HexEncode(request.completion.span()) + " is no completion");
  }
  CARNET_TRY(const std::string flop, FlopJson(closure, completion, draft.edges));
  CARNET_TRY(const std::string after,
             AfterJson(reader, LeafIndex(bundles.front().entries[0].log_index)));
  AddedFields added = {{"completion", QuotedHex(request.completion)},
                       {"after", after},
                       {"files", FilesJson(model.files)},
                       {"flop", flop}};
  AddModel(model, added);
  if (!draft.has_parameters) {
    CARNET_TRY(const uint64_t total, CountParameters(model, request.draft_name));
    added.emplace_back("parameters", "{\"total\":" + std::to_string(total) + "}");
  }
  return added;
}

std::string PredicateText(const schemas::Predicate& predicate) {
  json::Writer writer;
  schemas::WritePredicate(predicate, writer);
  return writer.Take();
}

// A passport by this signer that says the same but for its head: a repeated call.
Result<std::optional<StatementId>> FindSame(const ledger::Reader& reader, const SignerId& signer,
                                            const ModelDigest& model, schemas::Predicate& draft) {
  constexpr size_t kMaxLookedAt = 1'000;
  CARNET_TRY(const auto indices, reader.BySubject(Retag<SubjectDigest>(model), kMaxLookedAt));
  for (const LeafIndex index : indices) {
    CARNET_TRY(const sigstore::Bundle bundle, reader.BundleAt(index));
    CARNET_TRY(const schemas::Predicate logged, ReadOwnStatement(bundle));
    if (logged.kind() != schemas::Kind::kPassport || logged.head()->signer != signer) continue;
    draft.SetHead(*logged.head());
    if (PredicateText(draft) == PredicateText(logged)) {
      return std::optional<StatementId>(sigstore::StatementIdOf(bundle.envelope.payload));
    }
  }
  return std::optional<StatementId>();
}

Error RejectedBy(const verifier::Verdict& verdict) {
  if (verdict.findings.empty()) return Rejected("the gate refuses the passport");
  const verifier::Finding& first = verdict.findings.front();
  return Rejected(
      "the gate refuses the passport: " + std::string(verifier::RejectReasonName(first.reason())) +
      " (R" + std::to_string(first.rule()) + "): " + first.message);
}

}  // namespace

Result<IssuedPassport> IssuePassport(const PassportRequest& request,
                                     const artifact::ModelFiles& model,
                                     const signer::Signer& signer, ledger::Ledger& ledger,
                                     const verifier::Gate& gate, const Moment& moment) {
  CARNET_TRY(const ReadDraft draft, SplitDraft(request.draft, request.draft_name));
  CARNET_TRY(const auto before, ledger.Read());
  CARNET_TRY(const AddedFields added, PassportFields(request, draft, model, *before));
  CARNET_TRY(schemas::Predicate predicate,
             CompleteDraft(schemas::Kind::kPassport, draft.rest, request.draft_name, added));
  CARNET_TRY(schemas::Predicate candidate,
             CompleteDraft(schemas::Kind::kPassport, draft.rest, request.draft_name, added));
  CARNET_TRY(std::optional<StatementId> id,
             FindSame(*before, signer.id(), model.digest, candidate));
  if (!id) {
    CARNET_TRY(const Attested attested, Attest(std::move(predicate), signer, ledger, moment));
    id = attested.id;
  }
  CARNET_TRY(const auto after, ledger.Read());
  CARNET_TRY(const auto bundles, CollectClosure(*after, *id));
  std::string bytes = WriteLines(bundles);
  CARNET_TRY(verifier::Verdict verdict, gate.Check(bytes, model, moment.now));
  if (verdict.decision != verifier::Decision::kPass) return RejectedBy(verdict);
  return IssuedPassport{*id, std::move(bytes), std::move(verdict)};
}

}  // namespace carnet::pipeline
