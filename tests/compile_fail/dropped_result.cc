#include "core/file.h"

void Write() {
#ifdef MISUSE
  carnet::SyncFolder(".");
#else
  CARNET_CHECK(carnet::SyncFolder("."));
#endif
}
