#include "api/find_policy.h"

#include "core/file.h"

namespace carnet::api {

Result<verifier::policy::Policy> LoadPolicy(const std::string& path, TimestampMs at) {
  constexpr uint64_t kMaxPolicyBytes = 1 << 20;
  CARNET_TRY(const std::string text, ReadFile(path, kMaxPolicyBytes));
  return verifier::policy::ReadPolicy(text, path, at);
}

Result<verifier::policy::Policy> FindPolicy(const std::string& name, const std::string& trust,
                                            TimestampMs at) {
  if (name.ends_with(".toml")) return LoadPolicy(name, at);
  if (trust.empty()) return verifier::policy::ShippedPolicy(name, at);
  const std::string own = trust + "/policies/" + name + ".toml";
  if (PathExists(own)) return LoadPolicy(own, at);
  auto shipped = verifier::policy::ShippedPolicy(name, at);
  if (!shipped && shipped.error().code == ErrorCode::kNotFound) {
    return NotFound("no " + own + ", and " + shipped.error().message);
  }
  return shipped;
}

}  // namespace carnet::api
