#include "api/version.h"

#include "api/commit.h"

namespace carnet::api {

const char kVersion[] = CARNET_VERSION;
const char kCommit[] = CARNET_COMMIT;

}  // namespace carnet::api
