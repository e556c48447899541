#include "crypto/sodium_ready.h"

#include <sodium.h>

#include "core/check.h"

namespace carnet::crypto {

void EnsureSodium() {
  static const bool ready = sodium_init() >= 0;  // 1 when it is set up already
  CARNET_CHECK(ready);
}

}  // namespace carnet::crypto
