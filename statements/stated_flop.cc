#include "statements/stated_flop.h"

namespace carnet::statements {

std::optional<wire::FlopStatement::Reader> Stated(bool present, wire::FlopFigure::Reader figure) {
  if (!present || figure.isUndisclosed()) return std::nullopt;
  return figure.getStated();
}

std::optional<wire::FlopStatement::Reader> UpdateOf(wire::Segment::Reader segment) {
  const auto flop = segment.getFlop();
  return Stated(flop.hasUpdate(), flop.getUpdate());
}

std::optional<wire::FlopStatement::Reader> TotalOf(wire::Segment::Reader segment) {
  const auto flop = segment.getFlop();
  return Stated(flop.hasTotal(), flop.getTotal());
}

}  // namespace carnet::statements
