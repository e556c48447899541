// A weight file whose bytes are known: what its header says is read again, its tensors are not.
// Thread safe.
#pragma once

#include <optional>
#include <string>

#include "artifact/digest_cache.h"
#include "artifact/file_outcome.h"
#include "artifact/weight_header.h"
#include "artifact/zip_directory.h"

namespace carnet::artifact {

// What a file of this name tells beside its digest.
enum class NamedAs { kWeights, kSettings, kOther };
NamedAs NamedAsOf(const std::string& path);

// Absent for every error: whoever reads all of the file says what is wrong with it. Requires the
// path of a weight file.
std::optional<WeightHeader> ReadWeightHeader(const std::string& path, const ReadAt& read,
                                             uint64_t bytes);

// SHA-256 of where the tensors' bytes lie and whether what is between them has to be zero: all that
// their digests depend on, beside the bytes of the file. docs/formats.md, "Digest cache".
LayoutDigest LayoutOf(const WeightHeader& header);

// What reading all of the file would give. Absent where `known` is not of this header.
std::optional<FileOutcome> OutcomeOf(FileEntry entry, WeightHeader header,
                                     const KnownTensors& known);

}  // namespace carnet::artifact
