#include "sigstore/oms_resources.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/decimal.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

using artifact::OmsManifest;
using artifact::OmsMethod;
using artifact::OmsResource;

Result<std::string_view> TextOfField(json::Value object, std::string_view key) {
  const auto field = object.Find(key);
  if (!field) return FieldError(object, fmt::format("{} is missing", key));
  if (!field->is(json::Type::kString)) return FieldError(*field, "expected string");
  return field->string();
}

// `path:begin:end`, by the last two colons: a path may have some of its own.
Result<> ReadShardName(std::string_view name, OmsResource& out) {
  const size_t second = name.rfind(':');
  const size_t first = second == name.npos || second == 0 ? name.npos : name.rfind(':', second - 1);
  if (first == name.npos) return Malformed("expected <path>:<start>:<end>");
  const auto begin = ParseDecimalU64(name.substr(first + 1, second - first - 1));
  const auto end = ParseDecimalU64(name.substr(second + 1));
  if (!begin || !end) return Malformed("start and end must be decimal integers");
  out.path = name.substr(0, first);
  out.begin = *begin;
  out.end = *end;
  return Ok();
}

// `sha256`, or `sha256-sharded-<N>` where the files are cut into shards of N bytes: what the Python
// tool writes.
bool IsAlgorithmOf(std::string_view algorithm, const OmsMethod& method) {
  const std::string_view hash = artifact::OmsHashName(method.hash);
  if (algorithm == hash) return true;
  return method.shard_bytes && algorithm == fmt::format("{}-sharded-{}", hash, *method.shard_bytes);
}

Result<Bytes> ReadDigest(json::Value object, const OmsMethod& method) {
  CARNET_TRY(const std::string_view text, TextOfField(object, "digest"));
  auto digest = HexDecode(text);
  const size_t bytes = artifact::OmsDigestBytes(method.hash);
  if (!digest || digest->size() != bytes) {
    return FieldError(*object.Find("digest"),
                      fmt::format("must be {} lowercase hex digits", 2 * bytes));
  }
  return *std::move(digest);
}

Result<OmsResource> ReadResource(json::Value value, const OmsMethod& method, OmsFault& fault) {
  if (!value.is(json::Type::kObject)) return FieldError(value, "expected object");
  OmsResource out;
  CARNET_TRY(const std::string_view name, TextOfField(value, "name"));
  const json::Value name_field = *value.Find("name");
  out.path = name;
  if (method.shard_bytes) {
    const auto shard = ReadShardName(name, out);
    if (!shard) return FieldError(name_field, shard.error().message);
  }
  const auto path = artifact::CheckOmsPath(out.path);
  if (!path && out.path != artifact::kOmsSingleFile) {
    fault = OmsFault::kUnsafePath;
    return FieldError(name_field, fmt::format("{} {}", Quoted(out.path), path.error().message));
  }
  CARNET_TRY(const std::string_view algorithm, TextOfField(value, "algorithm"));
  if (!IsAlgorithmOf(algorithm, method)) {
    return FieldError(*value.Find("algorithm"),
                      fmt::format("{} is not the hash_type {} of the serialization",
                                  Quoted(algorithm), artifact::OmsHashName(method.hash)));
  }
  CARNET_TRY(out.digest, ReadDigest(value, method));
  return out;
}

// In the order of paths, and then of ranges.
std::vector<const OmsResource*> InPathOrder(const std::vector<OmsResource>& resources) {
  std::vector<const OmsResource*> sorted;
  sorted.reserve(resources.size());
  for (const OmsResource& resource : resources) sorted.push_back(&resource);
  std::sort(sorted.begin(), sorted.end(), [](const OmsResource* a, const OmsResource* b) {
    return std::tie(a->path, a->begin, a->end) < std::tie(b->path, b->begin, b->end);
  });
  return sorted;
}

Result<> CheckNotTwice(const std::vector<const OmsResource*>& sorted, const OmsMethod& method,
                       OmsFault& fault) {
  const auto same = [](const OmsResource* a, const OmsResource* b) {
    return a->path == b->path && a->begin == b->begin && a->end == b->end;
  };
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end(), same);
  if (twice == sorted.end()) return Ok();
  fault = OmsFault::kDuplicate;
  return Malformed(
      fmt::format("predicate.resources: {} is there twice", Quoted(OmsNameOf(**twice, method))));
}

// Each shard begins where the one before ends, and all but the last of a file have the full size.
Result<> CheckTiles(const std::vector<const OmsResource*>& sorted, uint64_t shard_bytes,
                    OmsFault& fault) {
  for (size_t i = 0; i < sorted.size(); ++i) {
    const OmsResource& shard = *sorted[i];
    const bool first = i == 0 || sorted[i - 1]->path != shard.path;
    const bool last = i + 1 == sorted.size() || sorted[i + 1]->path != shard.path;
    const uint64_t from = first ? 0 : sorted[i - 1]->end;
    const uint64_t bytes = shard.end - shard.begin;
    const bool sized =
        shard.end > shard.begin && (last ? bytes <= shard_bytes : bytes == shard_bytes);
    if (shard.begin == from && sized) continue;
    fault = OmsFault::kUntiledShards;
    return Malformed(fmt::format(
        "predicate.resources: shard {} to {} of {} does not follow byte {} in steps of {}",
        shard.begin, shard.end, Quoted(shard.path), from, shard_bytes));
  }
  return Ok();
}

Result<> CheckSingleFile(const std::vector<const OmsResource*>& sorted) {
  const auto is_single = [](const OmsResource* resource) {
    return resource->path == artifact::kOmsSingleFile;
  };
  const auto single = std::count_if(sorted.begin(), sorted.end(), is_single);
  if (single == 0 || static_cast<size_t>(single) == sorted.size()) return Ok();
  return Malformed("predicate.resources: \".\", a model of one file, beside other files");
}

// Every path above `path`, and itself, looked up among the sorted `ignored`.
bool IsIgnoredBy(const std::vector<std::string>& ignored, std::string_view path) {
  for (size_t end = path.find('/');; end = path.find('/', end + 1)) {
    if (std::binary_search(ignored.begin(), ignored.end(), path.substr(0, end))) return true;
    if (end == path.npos) return false;
  }
}

Result<> CheckNotIgnored(const OmsManifest& manifest) {
  std::vector<std::string> ignored = manifest.ignore_paths;
  std::sort(ignored.begin(), ignored.end());
  for (const OmsResource& resource : manifest.resources) {
    if (!IsIgnoredBy(ignored, resource.path)) continue;
    return Malformed(
        fmt::format("predicate: {} is signed, and below ignore_paths", Quoted(resource.path)));
  }
  return Ok();
}

}  // namespace

Result<> ReadOmsResources(json::Value predicate, OmsManifest& manifest, OmsFault& fault) {
  const auto resources = predicate.Find("resources");
  if (!resources) return FieldError(predicate, "resources are missing");
  if (!resources->is(json::Type::kArray)) return FieldError(*resources, "expected array");
  if (resources->size() == 0) return FieldError(*resources, "a model without files");
  if (resources->size() > artifact::kMaxOmsResources) {
    return FieldError(*resources, fmt::format("more than {}", artifact::kMaxOmsResources));
  }
  manifest.resources.reserve(resources->size());
  for (auto item = resources->first_child(); item; item = item->next()) {
    CARNET_TRY(OmsResource resource, ReadResource(*item, manifest.method, fault));
    manifest.resources.push_back(std::move(resource));
  }
  return Ok();
}

Result<> CheckOmsResources(const OmsManifest& manifest, OmsFault& fault) {
  const auto sorted = InPathOrder(manifest.resources);
  CARNET_TRY_VOID(CheckNotTwice(sorted, manifest.method, fault));
  if (manifest.method.shard_bytes) {
    CARNET_TRY_VOID(CheckTiles(sorted, *manifest.method.shard_bytes, fault));
  }
  CARNET_TRY_VOID(CheckSingleFile(sorted));
  return CheckNotIgnored(manifest);
}

}  // namespace carnet::sigstore
