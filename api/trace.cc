#include "pipeline/trace.h"

#include <carnet/trace.h>

#include "api/ledger_state.h"
#include "api/verify_state.h"
#include "core/hex.h"
#include "pipeline/draw_svg.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/uses.h"

namespace carnet {

struct Trace::State {
  pipeline::Trace trace;
  std::vector<TraceNode> nodes;
  std::vector<TraceEdge> edges;
  std::vector<TraceSum> sums;
};

Result<Trace> Trace::Of(const LedgerReader& ledger, std::string_view subject,
                        const Policy& policy) {
  const ledger::Reader& reader = *Internals::StateOf(ledger).reader;
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(subject));
  CARNET_TRY(const SubjectDigest digest, pipeline::ResolveDigest(reader, named));
  CARNET_TRY(pipeline::Trace trace,
             pipeline::TraceLineage(reader, digest, Internals::StateOf(policy).policy, nullptr,
                                    pipeline::kMaxUsers, pipeline::TraceDirection::kAncestors));
  State state{std::move(trace), {}, {}, {}};
  for (const pipeline::TraceNode& node : state.trace.nodes) {
    state.nodes.push_back({HexEncode(node.id.span()), node.index.value(),
                           std::string(schemas::KindName(node.kind)), node.signer.ToString(),
                           node.label, node.flop, node.run ? HexEncode(node.run->span()) : ""});
  }
  for (const pipeline::TraceEdge& edge : state.trace.edges) {
    state.edges.push_back({edge.from, edge.to, edge.label});
  }
  for (const pipeline::TraceSum& sum : state.trace.sums) {
    state.sums.push_back(
        {sum.policy, sum.threshold, sum.figure, sum.amount.ToString(), sum.lower_bound, sum.limit});
  }
  return Trace(std::make_shared<const State>(std::move(state)));
}

Trace::Trace(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Trace::~Trace() = default;

const std::vector<TraceNode>& Trace::nodes() const { return state_->nodes; }
const std::vector<TraceEdge>& Trace::edges() const { return state_->edges; }
const std::vector<TraceSum>& Trace::sums() const { return state_->sums; }
const std::vector<std::string>& Trace::unknown_parents() const {
  return state_->trace.unknown_parents;
}

std::string Trace::ToJson() const {
  return RenderTrace(state_->trace, pipeline::TraceFormat::kJson);
}
std::string Trace::ToTree() const {
  return RenderTrace(state_->trace, pipeline::TraceFormat::kTree);
}
std::string Trace::ToDot() const { return RenderTrace(state_->trace, pipeline::TraceFormat::kDot); }
Result<std::string> Trace::ToSvg() const { return pipeline::DrawSvg(ToDot()); }

}  // namespace carnet
