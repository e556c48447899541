#include "core/flop.h"

std::optional<carnet::Flop> Add(carnet::Flop flop) {
#ifdef MISUSE
  return flop + 1e26;
#else
  return carnet::CheckedAdd(flop, carnet::Flop(1));
#endif
}
