// What a trusted root vouches for has keys that fit their schemes, ids of its own, windows that
// end after their start, and no more than the limits. Of the same file a trust directory takes the
// logs that sign with Ed25519, and counts the others.
#include <cstddef>
#include <cstdint>

#include <set>

#include "core/check.h"
#include "sigstore/trusted_material.h"
#include "sigstore/trusted_root.h"

using namespace carnet::sigstore;

namespace {

void CheckValidFor(const ValidFor& valid) {
  CARNET_CHECK(valid.Contains(valid.from));
  CARNET_CHECK(!valid.until || valid.Contains(*valid.until));
}

void CheckLogs(const std::vector<LogKey>& logs) {
  CARNET_CHECK(logs.size() <= 64);
  std::set<carnet::LogId> ids;
  for (const LogKey& log : logs) {
    CARNET_CHECK(ids.insert(log.id).second);
    CARNET_CHECK(log.key.Fits(log.scheme));
    CARNET_CHECK(log.checkpoint_key_id.size() == 4 || log.checkpoint_key_id.size() == 32);
    CARNET_CHECK(log.name.empty() == log.base_url.empty());
    CARNET_CHECK(log.base_url.find(log.name) != std::string::npos);
    CheckValidFor(log.valid);
  }
}

void CheckAuthorities(const std::vector<Authority>& authorities) {
  CARNET_CHECK(authorities.size() <= 64);
  for (const Authority& authority : authorities) {
    CARNET_CHECK(!authority.chain.empty() && authority.chain.size() <= 10);
    CheckValidFor(authority.valid);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  const auto material = ReadTrustedMaterial(text);
  const auto root = ReadTrustedRoot(text);
  CARNET_CHECK(material.has_value() || !root.has_value());
  if (!material) return 0;
  CheckLogs(material->logs);
  CheckLogs(material->ct_logs);
  CheckAuthorities(material->certificate_authorities);
  CheckAuthorities(material->timestamp_authorities);
  CARNET_CHECK(material->skipped_logs <= material->skipped.size());
  if (!root) return 0;
  CARNET_CHECK(root->logs.size() + root->skipped_logs ==
               material->logs.size() + material->skipped_logs);
  return 0;
}
