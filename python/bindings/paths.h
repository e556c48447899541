// Paths as Python gives them: str, bytes or os.PathLike, in the file system's encoding.
#pragma once

#include <nanobind/stl/filesystem.h>

#include <filesystem>
#include <optional>
#include <string>

namespace carnet::python {

using Path = std::filesystem::path;

inline std::string PathOrEmpty(const std::optional<Path>& path) {
  return path ? path->string() : std::string();
}

}  // namespace carnet::python
