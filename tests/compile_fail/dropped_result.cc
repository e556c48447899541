#include "core/file.h"

void Write() {
#ifdef MISUSE
  carnet::SyncFolder(".");
#else
  CHECK(carnet::SyncFolder("."));
#endif
}
