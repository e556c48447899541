// safetensors headers and shard indexes: u64 LE N; N bytes of JSON, space-padded at the end; data.
// Stricter than the reference reader only in refusing unknown members. Thread safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/weight_header.h"
#include "core/bytes.h"
#include "core/result.h"

namespace carnet::artifact {

// Size of the header in bytes, its length field included. Requires `prefix` to be the file's first
// 8 bytes, or all of it. Errors: malformed.
Result<uint64_t> SafetensorsHeaderBytes(ByteSpan prefix, uint64_t file_bytes);

// Requires `header` to be the file's first SafetensorsHeaderBytes bytes. Errors: malformed, unless
// the tensors cover the data exactly, without gap, overlap or repeated name; unsupported: an
// unknown dtype. Where the size is kUnknownBytes, that the file ends with them is left open.
Result<WeightHeader> ParseSafetensorsHeader(ByteSpan header, uint64_t file_bytes);

// A `*.safetensors.index.json`.
struct ShardIndex {
  struct Mapping {
    std::string tensor;
    std::string file;  // in the folder of the index
  };
  std::vector<Mapping> weight_map;  // each tensor once
};

// Errors: malformed.
Result<ShardIndex> ParseShardIndex(std::string_view text);

}  // namespace carnet::artifact
