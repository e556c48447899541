#include "pipeline/segment_totals.h"

#include "schemas/readers.h"

namespace carnet::pipeline {

Result<> SegmentTotals::Add(const schemas::Predicate& segment) {
  if (segment.kind() != schemas::Kind::kSegment) return Corruption("a step is not a segment");
  const auto fields = schemas::ReaderOf<wire::Segment>(segment);
  const auto add = [](Sum& sum, Uint128 amount, Uint128 most) {
    const auto total = CheckedAdd(sum.amount, amount);
    sum.overflow = sum.overflow || !total || *total > most;
    if (!sum.overflow) sum.amount = *total;
  };
  const auto add_figure = [&](Sum& sum, bool present, wire::FlopFigure::Reader figure) {
    if (!present) {
      sum.missing = true;
    } else if (figure.isUndisclosed()) {
      sum.undisclosed = true;
    } else {
      add(sum, schemas::FlopOf(figure.getStated().getAmount()).value(), ~Uint128{0});
    }
  };
  if (fields.getTokens().isUndisclosed()) {
    tokens_.undisclosed = true;
  } else {
    add(tokens_, fields.getTokens().getValue(), ~uint64_t{0});
  }
  const auto flop = fields.getFlop();
  add_figure(update_, flop.hasUpdate(), flop.getUpdate());
  add_figure(total_, flop.hasTotal(), flop.getTotal());
  return Ok();
}

Result<> SegmentTotals::CheckSums() const {
  if (!tokens_.overflow && !update_.overflow && !total_.overflow) return Ok();
  return Malformed("the totals of the run's segments overflow; such a run can only be aborted");
}

void SegmentTotals::SetIn(schemas::Predicate& completion) const {
  auto fields = schemas::BuilderOf<wire::Completion>(completion);
  auto tokens = fields.initTokens();
  if (tokens_.undisclosed || tokens_.overflow) {
    tokens.setUndisclosed();
  } else {
    tokens.setValue(static_cast<uint64_t>(tokens_.amount));
  }
  const auto set = [](const Sum& sum, wire::FlopAmount::Builder to) {
    if (sum.undisclosed || sum.overflow) {
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
