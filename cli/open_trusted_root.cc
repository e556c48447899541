#include "cli/open_trusted_root.h"

#include "core/file.h"

namespace carnet::cli {

std::string_view PublicTrustedRoot();  // data/sigstore-trusted-root.json

namespace {

constexpr uint64_t kMaxRootBytes = 4 << 20;

}  // namespace

Result<sigstore::TrustedMaterial> OpenTrustedMaterial(const std::string& path) {
  if (path.empty()) return sigstore::ReadTrustedMaterial(PublicTrustedRoot());
  CARNET_TRY(const std::string text, ReadFile(path, kMaxRootBytes));
  auto material = sigstore::ReadTrustedMaterial(text);
  return material ? std::move(material) : material.error().In(path);
}

}  // namespace carnet::cli
