#include "statements/stated_flop.h"

#include <algorithm>

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

std::optional<StatedFlop> Sums(const std::optional<wire::FlopStatement::Reader>& stated) {
  if (!stated) return std::nullopt;
  StatedFlop flop{schemas::FlopOf(stated->getAmount()), Flop(0)};
  flop.highest = flop.amount;
  for (const auto method : stated->getMethods()) {
    flop.highest = std::max(flop.highest, schemas::FlopOf(method.getResult()));
  }
  return flop;
}

}  // namespace carnet::statements
