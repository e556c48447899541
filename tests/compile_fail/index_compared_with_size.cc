#include "core/strong_u64.h"

bool IsInside(carnet::LeafIndex index, carnet::TreeSize size) {
#ifdef MISUSE
  return index < size;
#else
  return size.Contains(index);
#endif
}
