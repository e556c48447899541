#include "pipeline/issue_passport.h"

#include <fmt/core.h>

#include <set>

#include "artifact/covered_files.h"
#include "core/closest.h"
#include "core/hex.h"
#include "pipeline/closure.h"
#include "pipeline/draft.h"
#include "pipeline/logged_predicate.h"
#include "pipeline/own_statement.h"
#include "pipeline/set_fields.h"
#include "pipeline/statements_about.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "statements/set_builder.h"
#include "statements/sum.h"

namespace carnet::pipeline {
namespace {

using schemas::EdgeType;

// Every type that carries weights, and synthetic data: what EU law adds up for systemic risk.
std::set<EdgeType> DefaultEdges() {
  std::set<EdgeType> edges = {EdgeType::kSyntheticDataFrom};
  for (const EdgeType type : schemas::kEdgeTypes) {
    if (schemas::CarriesWeights(type)) edges.insert(type);
  }
  return edges;
}

std::string MeantEdge(json::Value edge) {
  std::vector<std::string> names;
  names.reserve(std::size(schemas::kEdgeTypes));
  for (const EdgeType type : schemas::kEdgeTypes) names.push_back(schemas::EdgeTypeName(type));
  return DidYouMeanOf(edge.is(json::Type::kString) ? edge.string() : "", names);
}

// From the draft's `flop`, which may state the edges and nothing else.
Result<std::set<EdgeType>> ReadEdges(const Draft& draft) {
  const auto flop = draft.Find("flop");
  if (!flop) return DefaultEdges();
  const auto edges = flop->is(json::Type::kObject) ? flop->Find("edges") : std::nullopt;
  if (!edges || flop->size() != 1 || !edges->is(json::Type::kArray)) {
    return draft.Refuse(
        "flop: may contain only `edges`, a list of edge types: the figures are summed by "
        "carnet");
  }
  std::set<EdgeType> types;
  for (auto edge = edges->first_child(); edge; edge = edge->next()) {
    const auto type =
        edge->is(json::Type::kString) ? schemas::ParseEdgeType(edge->string()) : std::nullopt;
    if (!type) return draft.Refuse(edge->Path() + ": not an edge type" + MeantEdge(*edge));
    types.insert(*type);
  }
  return types;
}

Result<> SetFlop(const statements::StatementSet& closure, const statements::Statement& completion,
                 const std::set<EdgeType>& edges, wire::PassportFlop::Builder flop) {
  const auto update = statements::SumAlong(closure, completion, statements::ParameterUpdateRule());
  const auto total = statements::SumAlong(closure, completion, statements::CumulativeRule(edges));
  if (!update || !total) return Malformed("flop: the sum over the segments overflows 128 bits");
  const auto set = [](const statements::FlopSum& sum, wire::FlopAmount::Builder to) {
    if (sum.lower_bound) {
      to.setUndisclosed();
    } else {
      schemas::SetFlop(to, sum.amount);
    }
  };
  set(*update, flop.initParameterUpdate());
  set(*total, flop.initCumulative());
  auto list = flop.initEdges(static_cast<uint32_t>(edges.size()));
  uint32_t at = 0;
  for (const EdgeType edge : edges) list.set(at++, schemas::ToWire(edge));
  return Ok();
}

Result<statements::StatementSet> ReadClosure(const std::vector<sigstore::Bundle>& bundles) {
  auto closure = statements::FromBundles(bundles);
  if (closure || closure.error().code != ErrorCode::kMalformed) return closure;
  return Corruption("the ledger's statements cannot be read back: " + closure.error().message);
}

// The completion and everything that it refers to.
Result<std::vector<sigstore::Bundle>> CompletionAndClosure(const PassportRequest& request,
                                                           const ledger::Reader& reader) {
  if (request.unlogged_completion == nullptr) return CollectClosure(reader, request.completion);
  CARNET_TRY(const auto completion, ReadOwnStatement(*request.unlogged_completion));
  std::vector<StatementId> targets;
  for (const schemas::Reference& each : schemas::StrongReferences(completion.predicate()))
    targets.push_back(each.target);
  CARNET_TRY(auto bundles, CollectClosure(reader, targets));
  bundles.insert(bundles.begin(), *request.unlogged_completion);
  return bundles;
}

// After a completion that is not logged yet: its index is known, the root of its tree is not.
Result<> SetNoAfter(const ledger::Reader& reader, schemas::Predicate& passport) {
  auto after = schemas::BuilderOf<wire::Passport>(passport).initAfter();
  after.initIndex().setValue(reader.size().value());
  schemas::SetDigest(after.initRoot(), reader.head().root());
  return Ok();
}

// The patterns that the model was read with. Where these are the shipped ones, and the run was
// completed with every file covered, as with `--cover-all`, none: the passport is then about the
// very model that the completion names (R22).
Result<NotCovered> ChooseCovering(const std::optional<ModelDigest>& completed,
                                  const artifact::ModelFiles& model) {
  if (model.leaves_out == NotCovered::Shipped() && completed != model.digest &&
      completed == artifact::CoveredFiles(model, NotCovered()).digest()) {
    return NotCovered();
  }
  CARNET_TRY_VOID(artifact::CoveredFiles(model, model.leaves_out).CheckLeftOut());
  return model.leaves_out;
}

// Fields that follow from the completion and its closure.
Result<> SetFromCompletion(const PassportRequest& request, const artifact::ModelFiles& model,
                           const std::set<EdgeType>& edges, const ledger::Reader& reader,
                           schemas::Predicate& passport) {
  const StatementId& id = request.completion;
  CARNET_TRY(const auto bundles, CompletionAndClosure(request, reader));
  CARNET_TRY(const statements::StatementSet closure, ReadClosure(bundles));
  const statements::Statement& completion = closure[0];
  if (completion.kind() != schemas::Kind::kCompletion) {
    return Rejected("sha256:" + HexEncode(id.span()) + " is not a completion");
  }
  CARNET_TRY(const NotCovered patterns, ChooseCovering(statements::ModelOf(completion), model));
  SetCoveredModel(model, patterns, passport);
  auto fields = schemas::BuilderOf<wire::Passport>(passport);
  schemas::SetDigest(fields.initCompletion(), id);
  CARNET_TRY_VOID(SetFlop(closure, completion, edges, fields.initFlop()));
  CARNET_TRY_VOID(SetParentTensors(closure, completion, request.parents, passport));
  const auto stated = schemas::ReaderOf<wire::Completion>(completion.predicate);
  if (stated.hasParameters() && !fields.hasParameters()) {
    fields.setParameters(stated.getParameters());
  }
  if (request.unlogged_completion != nullptr) return SetNoAfter(reader, passport);
  return SetAfter(reader, LeafIndex(bundles.front().entries[0].log_index), passport);
}

Result<schemas::Predicate> PassportPredicate(const PassportRequest& request,
                                             const artifact::ModelFiles& model,
                                             const ledger::Reader& reader) {
  CARNET_TRY(const Draft draft, Draft::Parse(request.draft, request.origin));
  CARNET_TRY(const std::set<EdgeType> edges, ReadEdges(draft));
  FieldNames set_here = {"completion",   "after",          "files",      "model",
                         "tensor_roots", "parent_tensors", "not_covered"};
  if (!draft.Find("parameters")) set_here.emplace_back("parameters");
  CARNET_TRY(schemas::Predicate passport, draft.Read(schemas::Kind::kPassport, set_here, {"flop"}));
  CARNET_TRY_VOID(SetFromCompletion(request, model, edges, reader, passport));
  auto fields = schemas::BuilderOf<wire::Passport>(passport);
  if (!fields.hasParameters()) {
    const auto total = CountParameters(model);
    if (!total) {
      return draft.Refuse("parameters: `total` is required; the weight files do not state it");
    }
    fields.initParameters().initTotal().setValue(*total);
  }
  return draft.Complete(std::move(passport));
}

// Passports of the model by this signer.
struct LoggedPassports {
  std::optional<StatementId> same;  // equal except for its head: a repeated call
  std::optional<LeafIndex> other;
};

Result<LoggedPassports> FindLogged(const ledger::Reader& reader, const SignerId& signer,
                                   const schemas::Predicate& draft) {
  const auto model =
      schemas::DigestOf<SubjectDigest>(schemas::ReaderOf<wire::Passport>(draft).getModel());
  LoggedPassports found;
  const auto compare = [&](LeafIndex index) -> Result<bool> {
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    if (entry.signer != signer || entry.payload() == nullptr) return true;
    CARNET_TRY(const sigstore::Bundle bundle, reader.BundleAt(index));
    CARNET_TRY(const sigstore::ParsedStatement logged, ReadOwnStatement(bundle));
    if (logged.predicate().kind() != schemas::Kind::kPassport) return true;
    if (schemas::EqualIgnoringHead(draft, logged.predicate())) {
      found.same = logged.id();
    } else {
      found.other = index;
    }
    return !found.same;
  };
  CARNET_TRY_VOID(VisitAbout(reader, model, compare));
  return found;
}

// Where a verdict goes that is not a pass; null: nobody asked.
using RefusedVerdict = std::optional<verifier::Verdict>*;

Error RejectedBy(verifier::Verdict verdict, RefusedVerdict refused) {
  std::string text = "the gate refuses the passport";
  if (!verdict.findings.empty()) {
    const verifier::Finding& first = verdict.findings.front();
    text += fmt::format(": {} (R{}): {}", verifier::RejectReasonName(first.reason()), first.rule(),
                        first.message);
  }
  if (refused != nullptr) *refused = std::move(verdict);
  return Rejected(text);
}

struct JudgedPassport {
  signer::SignedStatement passport;
  verifier::Verdict verdict;
};

// Judged before it is logged: what a hub would refuse is never in the log, where nothing could take
// it back and the corrected one would contradict it.
Result<JudgedPassport> SignAndJudge(schemas::Predicate predicate, const PassportRequest& request,
                                    const artifact::ModelFiles& model, const ledger::Reader& reader,
                                    const signer::Signer& signer, const verifier::Gate& gate,
                                    const Moment& moment) {
  CARNET_TRY(
      signer::SignedStatement passport,
      signer.SignPredicate(std::move(predicate), {reader.log_id(), moment.now, moment.nonce}));
  CARNET_TRY(auto bundles, CompletionAndClosure(request, reader));
  bundles.insert(bundles.begin(), passport.bundle);
  std::vector<StatementId> unlogged;
  if (request.unlogged_completion != nullptr) unlogged.push_back(request.completion);
  unlogged.push_back(passport.id());
  CARNET_TRY(verifier::Verdict verdict,
             gate.CheckUnlogged(WriteLines(bundles), unlogged, model, moment.now));
  return JudgedPassport{std::move(passport), std::move(verdict)};
}

}  // namespace

Result<NotCovered> CoveringFor(const PassportRequest& request, const artifact::ModelFiles& model,
                               const ledger::Reader& reader) {
  CARNET_TRY(const auto predicate,
             ReadLogged(reader, request.completion, schemas::Kind::kCompletion));
  const auto completion = schemas::ReaderOf<wire::Completion>(predicate);
  std::optional<ModelDigest> completed;
  if (completion.hasModel()) completed = schemas::DigestOf<ModelDigest>(completion.getModel());
  return ChooseCovering(completed, model);
}

Result<std::optional<StatementId>> FindIssued(const PassportRequest& request,
                                              const artifact::ModelFiles& model,
                                              const SignerId& signer,
                                              const ledger::Reader& reader) {
  CARNET_TRY(const schemas::Predicate predicate, PassportPredicate(request, model, reader));
  CARNET_TRY(const LoggedPassports logged, FindLogged(reader, signer, predicate));
  return logged.same;
}

Result<PassportJudgement> JudgePassport(const PassportRequest& request,
                                        const artifact::ModelFiles& model,
                                        const signer::Signer& signer, const ledger::Reader& reader,
                                        const verifier::Gate& gate, const Moment& moment) {
  CARNET_TRY(schemas::Predicate predicate, PassportPredicate(request, model, reader));
  CARNET_TRY(const LoggedPassports logged, FindLogged(reader, signer.id(), predicate));
  const bool supersedes = schemas::ReaderOf<wire::Passport>(predicate).hasSupersedes();
  std::string already;
  if (logged.other && !logged.same && !supersedes) {
    already = fmt::format(
        "entry {} is a passport of this model by this key: a second one must state `supersedes`",
        logged.other->value());
  }
  CARNET_TRY(JudgedPassport judged,
             SignAndJudge(std::move(predicate), request, model, reader, signer, gate, moment));
  return PassportJudgement{std::move(judged.verdict), std::move(already)};
}

Result<IssuedPassport> IssuePassport(const PassportRequest& request,
                                     const artifact::ModelFiles& model,
                                     const signer::Signer& signer, ledger::Ledger& ledger,
                                     const verifier::Gate& gate, const Moment& moment,
                                     RefusedVerdict refused) {
  CARNET_TRY(const auto before, ledger.Read());
  CARNET_TRY(schemas::Predicate predicate, PassportPredicate(request, model, *before));
  CARNET_TRY(const LoggedPassports logged, FindLogged(*before, signer.id(), predicate));
  std::optional<StatementId> id = logged.same;
  if (!id) {
    CARNET_TRY(JudgedPassport judged,
               SignAndJudge(std::move(predicate), request, model, *before, signer, gate, moment));
    if (judged.verdict.decision != verifier::Decision::kPass)
      return RejectedBy(std::move(judged.verdict), refused);
    id = judged.passport.id();
    const Bytes signature = judged.passport.signature();
    CARNET_TRY_VOID(
        AppendSigned(std::move(judged.passport.statement), signature, signer.public_key(), ledger));
  }
  CARNET_TRY(const auto after, ledger.Read());
  CARNET_TRY(const auto bundles, CollectClosure(*after, *id));
  std::string bytes = WriteLines(bundles);
  CARNET_TRY(verifier::Verdict verdict, gate.Check(bytes, model, moment.now));
  if (verdict.decision != verifier::Decision::kPass) return RejectedBy(std::move(verdict), refused);
  return IssuedPassport{*id, std::move(bytes), std::move(verdict)};
}

}  // namespace carnet::pipeline
