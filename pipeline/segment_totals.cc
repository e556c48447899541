#include "pipeline/segment_totals.h"

#include "json/writer.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "sigstore/statement.h"

namespace carnet::pipeline {
namespace {

constexpr std::string_view kUndisclosed = "undisclosed";

Error Overflow() { return Malformed("the totals of the run's segments overflow"); }

}  // namespace

Result<schemas::Predicate> ReadOwnStatement(const sigstore::Bundle& bundle) {
  auto read = sigstore::ReadStatement(bundle.envelope.payload);
  if (const auto* error = std::get_if<sigstore::StatementError>(&read)) {
    return Corruption("a recorded statement does not read back: " + error->message);
  }
  return std::move(std::get<sigstore::Statement>(read).predicate);
}

Result<> SegmentTotals::Add(const sigstore::Bundle& segment) {
  CARNET_TRY(const schemas::Predicate predicate, ReadOwnStatement(segment));
  if (predicate.kind() != schemas::Kind::kSegment) return Corruption("a step is no segment");
  const auto fields = schemas::ReaderOf<wire::Segment>(predicate);
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

std::string SegmentTotals::TokensJson() const {
  json::Writer writer;
  if (tokens_.undisclosed) return writer.String(kUndisclosed).Take();
  const std::string text = Flop(tokens_.amount).ToString();
  return tokens_.amount > schemas::kMaxJsonInteger ? writer.String(text).Take() : text;
}

std::string SegmentTotals::FlopJson() const {
  json::Writer writer;
  writer.BeginObject();
  const auto member = [&](std::string_view name, const Sum& sum) {
    if (sum.missing) return;
    writer.Key(name).String(sum.undisclosed ? std::string(kUndisclosed)
                                            : Flop(sum.amount).ToString());
  };
  member("update", update_);
  member("total", total_);
  return writer.EndObject().Take();
}

}  // namespace carnet::pipeline
