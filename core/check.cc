#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace carnet::core {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "carnet: bug: %s:%d: CARNET_CHECK(%s) failed\n", file, line, condition);
  std::abort();
}

}  // namespace carnet::core
