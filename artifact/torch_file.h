// PyTorch's files: a zip archive of a pickle and one entry for each storage, or the older sequence
// of five pickles and the storages. The pickle is read as data (pickle.h). Tensors are placed as in
// the other weight files, so that they have the same leaves whatever file they are in: the bytes of
// a tensor are the range of its storage that its elements fill, in the order of the storage, and
// strides are not part of a leaf. Thread safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "artifact/weight_header.h"
#include "artifact/zip_directory.h"
#include "core/result.h"

namespace carnet::artifact {

// By how the name ends: .bin, .pt, .pth, .ckpt.
bool IsTorchFileName(std::string_view path);

// Errors: those of `read` (io, conflict); rejected for an executable pickle, "calls posix.system";
// not_found where the file holds no weights; malformed; unsupported: another format or byte order,
// tensors that are not dense, or that overlap without having the same bytes.
Result<WeightHeader> ReadTorchFile(const ReadAt& read, uint64_t file_bytes);

}  // namespace carnet::artifact
