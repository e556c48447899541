// A folder's files as a stream: how they are cut, in which order they come, what is known before.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "artifact/model_files.h"
#include "artifact/model_stream.h"

namespace carnet::artifact {

struct Way {
  const char* name;
  size_t chunk;  // bytes; 0: all at once; kRandomChunks
  bool sizes_known;
  bool interleaved;  // all files are open at once, and take turns
  bool backwards = false;
};
std::ostream& operator<<(std::ostream& out, const Way& way);

inline constexpr size_t kRandomChunks = SIZE_MAX;

// Contents by path: all regular files below a folder.
std::map<std::string, std::string> FilesOf(const std::string& folder);

Result<ModelFiles> Stream(const std::map<std::string, std::string>& files, const Way& way,
                          StreamLimits limits = {});

// Checks that both say the same in every field.
void CheckSame(const ModelFiles& streamed, const ModelFiles& on_disk);

}  // namespace carnet::artifact
