#include "api/find_policy.h"

#include <algorithm>
#include <filesystem>

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

Result<std::vector<std::string>> PolicyIds(const std::string& trust) {
  std::vector<std::string> ids = verifier::policy::ShippedPolicyIds();
  if (trust.empty()) return ids;
  if (!PathExists(trust)) return NotFound(trust + ": no such trust directory");
  const std::filesystem::path folder = std::filesystem::path(trust) / "policies";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Io(folder.string() + ": " + error.message());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace carnet::api
