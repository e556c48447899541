#include "cli/open_trusted_root.h"

#include "core/file.h"

namespace carnet::cli {

std::string_view PublicTrustedRoot();   // data/sigstore-trusted-root.json
std::string_view StagingTrustedRoot();  // data/sigstore-staging-trusted-root.json

namespace {

constexpr uint64_t kMaxRootBytes = 4 << 20;

}  // namespace

Result<sigstore::TrustedMaterial> OpenTrustedMaterial(const std::string& path, Instance instance) {
  if (path.empty()) {
    return sigstore::ReadTrustedMaterial(instance == Instance::kStaging ? StagingTrustedRoot()
                                                                        : PublicTrustedRoot());
  }
  CARNET_TRY(const std::string text, ReadFile(path, kMaxRootBytes));
  auto material = sigstore::ReadTrustedMaterial(text);
  return material ? std::move(material) : material.error().In(path);
}

}  // namespace carnet::cli
