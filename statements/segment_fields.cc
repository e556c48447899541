#include "statements/segment_fields.h"

#include "statements/stated_flop.h"

namespace carnet::statements {
namespace {

// Absent: not stated. None of a segment's references may be undisclosed.
std::optional<StatementId> Read(wire::Digest::Reader reference) {
  if (reference.isUndisclosed()) return std::nullopt;
  const auto bytes = reference.getBytes();
  return StatementId::FromSpan({bytes.begin(), bytes.size()});
}

}  // namespace

std::optional<SegmentFields> SegmentFieldsOf(const schemas::Predicate& predicate) {
  if (predicate.kind() != schemas::Kind::kSegment) return std::nullopt;
  const auto segment = schemas::ReaderOf<wire::Segment>(predicate);
  SegmentFields fields{.run = Read(segment.getRun()),
                       .lane = segment.getLane().getValue(),
                       .seq = segment.getSeq().getValue(),
                       .previous = Read(segment.getPrevious()),
                       .weights_from = Read(segment.getWeightsFrom()),
                       .update = Sums(UpdateOf(segment)),
                       .total = Sums(TotalOf(segment)),
                       .from = schemas::TimeOf(segment.getTime().getFrom()),
                       .to = schemas::TimeOf(segment.getTime().getTo()),
                       .usage = {}};
  fields.usage.reserve(segment.getUsage().size());
  for (const auto item : segment.getUsage()) {
    fields.usage.push_back({Read(item.getDevice()), Read(item.getAllocation()),
                            item.getUnits().getValue(), item.getMs().getValue()});
  }
  return fields;
}

}  // namespace carnet::statements
