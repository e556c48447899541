// GGUF version 3 headers, little endian: magic, counts, key-values, tensor infos, padding, data.
// Thread safe.
#pragma once

#include <optional>

#include "artifact/weight_header.h"
#include "core/bytes.h"
#include "core/result.h"

namespace carnet::artifact {

// The header has no length field, so the caller shows more and more of the file: absent means that
// the header continues after `prefix`. Errors: malformed, unless the tensors and the padding
// to the alignment cover the file exactly, in the order of their infos; unsupported: another
// version, byte order or tensor type. Whether the padding is zero is checked by whoever reads the
// data. Where the size is kUnknownBytes, that the file ends with its tensors is left open.
Result<std::optional<WeightHeader>> ParseGgufHeader(ByteSpan prefix, uint64_t file_bytes);

}  // namespace carnet::artifact
