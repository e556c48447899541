#include "core/digests.h"

carnet::ModelDigest Make(std::span<const uint8_t, 32> bytes) {
#ifdef MISUSE
  carnet::ModelDigest digest;
  (void)bytes;
  return digest;
#else
  return carnet::ModelDigest(bytes);
#endif
}
