// The version of this build.
#pragma once

namespace carnet::api {

extern const char kVersion[];  // such as "0.1.0"
extern const char kCommit[];   // short hash, or "unknown commit"

}  // namespace carnet::api
