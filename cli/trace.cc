#include "pipeline/trace.h"

#include <optional>

#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "cli/write_output.h"
#include "pipeline/draw_svg.h"
#include "pipeline/resolve_digest.h"

namespace carnet::cli {
namespace {

Result<std::string> DrawSvg(const std::string& dot, Terminal& terminal) {
  auto svg = pipeline::DrawSvg(dot);
  if (svg || svg.error().code != ErrorCode::kNotFound) return svg;
  return terminal.Hinted(std::move(svg).error(), HintFor(Situation::kNoGraphviz, ""));
}

constexpr size_t kMaxStatements = 100'000;  // each way

std::optional<pipeline::TraceDirection> DirectionOf(const TraceOptions& options) {
  if (options.direction == "ancestors") return pipeline::TraceDirection::kAncestors;
  if (options.direction == "descendants") return pipeline::TraceDirection::kDescendants;
  if (options.direction == "both") return pipeline::TraceDirection::kBoth;
  return std::nullopt;
}

Result<std::string> Render(const TraceOptions& options, Terminal& terminal) {
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.subject));
  CARNET_TRY_VOID(CheckOutput(options.out, options.force));
  CARNET_TRY(const auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  std::optional<trust::Trust> trust;
  if (!options.trust.empty()) {
    CARNET_TRY(trust, OpenTrust(options.trust, terminal));
  }
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  CARNET_TRY(const SubjectDigest subject, pipeline::ResolveDigest(*reader, named));
  CARNET_TRY(const pipeline::Trace trace,
             pipeline::TraceLineage(*reader, subject, policy, trust ? &*trust : nullptr,
                                    kMaxStatements, DirectionOf(options)));
  if (options.format == "tree") return RenderTrace(trace, pipeline::TraceFormat::kTree);
  if (options.format == "json") return RenderTrace(trace, pipeline::TraceFormat::kJson);
  const std::string dot = RenderTrace(trace, pipeline::TraceFormat::kDot);
  if (options.format == "dot") return dot;
  return DrawSvg(dot, terminal);
}

}  // namespace

ExitCode Trace(const TraceOptions& options, Terminal& terminal) {
  const auto text = Render(options, terminal);
  if (!text) return terminal.Fail(text.error());
  const auto written = WriteOrPrint(options.out, *text, options.force, terminal);
  if (!written) return terminal.Fail(written.error());
  return ExitCode::kYes;
}

}  // namespace carnet::cli
