// What OpenSSF Model Signing (specification v1.0) signs of a model: its files, or pieces of them,
// by digest. Values only; artifact/oms_files.h and artifact/oms_digests.h read the disk. Thread
// safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"

namespace carnet::artifact {

enum class OmsHash { kSha256, kBlake2b };  // blake3 is not built in

std::string_view OmsHashName(OmsHash hash);  // as `hash_type` spells it
size_t OmsDigestBytes(OmsHash hash);         // 32 or 64

inline constexpr uint64_t kOmsShardBytes = 1'000'000'000;  // the specification's default

// How the model is cut up: whole files, or shards of `shard_bytes` (never 0).
struct OmsMethod {
  OmsHash hash = OmsHash::kSha256;
  std::optional<uint64_t> shard_bytes = std::nullopt;

  friend bool operator==(const OmsMethod&, const OmsMethod&) = default;
};

// A file, or one shard of it: the bytes from `begin` to before `end`. Of a whole file both are 0.
struct OmsResource {
  std::string path;
  uint64_t begin = 0;
  uint64_t end = 0;
  Bytes digest;

  friend bool operator==(const OmsResource&, const OmsResource&) = default;
};

struct OmsManifest {
  OmsMethod method;
  bool allow_symlinks = false;
  std::vector<std::string> ignore_paths;
  std::vector<OmsResource> resources;

  friend bool operator==(const OmsManifest&, const OmsManifest&) = default;
};

// Against memory, on either side: some 100 bytes of JSON each, and as much when read.
inline constexpr size_t kMaxOmsResources = 500'000;

// `path`, or `path:begin:end` where files are cut.
std::string OmsNameOf(const OmsResource& resource, const OmsMethod& method);

// Puts the resources in the order that a signer writes: of the code points of their whole names.
void SortByName(OmsManifest& manifest);

// SHA-256 of the resources' raw digests in their order, whatever their hash (section 6.5.1). Does
// not bind the names.
Sha256Digest OmsRootOf(const std::vector<OmsResource>& resources);

// The path of the single file that a signature is about, in the spelling of some of its writers:
// read, never written.
inline constexpr std::string_view kOmsSingleFile = ".";

// Section 6.1.2: UTF-8, relative, '/' between components, none of them empty, "." or "..". A name
// may have any other character, a line feed among them. Errors: malformed, without the name.
Result<> CheckOmsPath(std::string_view path);

// Whether `path` is `above`, or below it.
bool IsAtOrBelow(std::string_view path, std::string_view above);

}  // namespace carnet::artifact
