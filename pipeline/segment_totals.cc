#include "pipeline/segment_totals.h"

#include "schemas/readers.h"

namespace carnet::pipeline {
namespace {

Error Overflow() { return Malformed("the totals of the run's segments overflow"); }

}  // namespace

Result<> SegmentTotals::Add(const schemas::Predicate& segment) {
  if (segment.kind() != schemas::Kind::kSegment) return Corruption("a step is not a segment");
  const auto fields = schemas::ReaderOf<wire::Segment>(segment);
  const auto add = [](Sum& sum, Uint128 amount) -> Result<> {
    const auto total = CheckedAdd(sum.amount, amount);
    if (!total) return Overflow();
    sum.amount = *total;
    return Ok();
  };
  const auto add_figure = [&](Sum& sum, bool present, wire::FlopFigure::Reader figure) -> Result<> {
    if (!present) {
      sum.missing = true;
      return Ok();
    }
    if (figure.isUndisclosed()) {
      sum.undisclosed = true;
      return Ok();
    }
    return add(sum, schemas::FlopOf(figure.getStated().getAmount()).value());
  };
  if (fields.getTokens().isUndisclosed()) {
    tokens_.undisclosed = true;
  } else {
    CARNET_TRY_VOID(add(tokens_, fields.getTokens().getValue()));
    if (tokens_.amount > ~uint64_t{0}) return Overflow();
  }
  const auto flop = fields.getFlop();
  CARNET_TRY_VOID(add_figure(update_, flop.hasUpdate(), flop.getUpdate()));
  return add_figure(total_, flop.hasTotal(), flop.getTotal());
}

void SegmentTotals::SetIn(schemas::Predicate& completion) const {
  auto fields = schemas::BuilderOf<wire::Completion>(completion);
  auto tokens = fields.initTokens();
  if (tokens_.undisclosed) {
    tokens.setUndisclosed();
  } else {
    tokens.setValue(static_cast<uint64_t>(tokens_.amount));
  }
  const auto set = [](const Sum& sum, wire::FlopAmount::Builder to) {
    if (sum.undisclosed) {
      to.setUndisclosed();
    } else {
      schemas::SetFlop(to, Flop(sum.amount));
    }
  };
  auto flop = fields.initFlop();
  if (!update_.missing) set(update_, flop.initUpdate());
  if (!total_.missing) set(total_, flop.initTotal());
}

}  // namespace carnet::pipeline
