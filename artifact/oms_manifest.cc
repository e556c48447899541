#include "artifact/oms_manifest.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/utf8.h"
#include "crypto/blake2b.h"
#include "crypto/sha256.h"

namespace carnet::artifact {

std::string_view OmsHashName(OmsHash hash) {
  switch (hash) {
    case OmsHash::kSha256:
      return "sha256";
    case OmsHash::kBlake2b:
      return "blake2b";
  }
  CARNET_CHECK(false);
}

size_t OmsDigestBytes(OmsHash hash) {
  return hash == OmsHash::kSha256 ? Sha256Digest::kSize : crypto::Blake2bDigest::kSize;
}

std::string OmsNameOf(const OmsResource& resource, const OmsMethod& method) {
  if (!method.shard_bytes) return resource.path;
  return resource.path + ":" + std::to_string(resource.begin) + ":" + std::to_string(resource.end);
}

void SortByName(OmsManifest& manifest) {
  std::vector<std::pair<std::string, OmsResource>> named;
  named.reserve(manifest.resources.size());
  for (OmsResource& resource : manifest.resources) {
    std::string name = OmsNameOf(resource, manifest.method);
    named.emplace_back(std::move(name), std::move(resource));
  }
  // The order of UTF-8 bytes is that of code points.
  std::sort(named.begin(), named.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < named.size(); ++i) manifest.resources[i] = std::move(named[i].second);
}

Sha256Digest OmsRootOf(const std::vector<OmsResource>& resources) {
  crypto::Sha256 root;
  for (const OmsResource& resource : resources) root.Update(resource.digest);
  return root.Finish();
}

Result<> CheckOmsPath(std::string_view path) {
  if (path.empty()) return Malformed("is empty");
  if (!IsValidUtf8(path)) return Malformed("is not UTF-8");
  if (path.front() == '/') return Malformed("is absolute");
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty()) return Malformed("has an empty component");
    if (part == ".") return Malformed("has the component \".\"");
    if (part == "..") return Malformed("leads out of the model by \"..\"");
    begin = end + 1;
  }
  return Ok();
}

bool IsAtOrBelow(std::string_view path, std::string_view above) {
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

}  // namespace carnet::artifact
