// Models of several formats, each recorded and with a passport, on top of Recorded; and the files
// of a folder sent to a StreamingGate.
#pragma once

#include <carnet/streaming.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace carnet::test {

struct PassportedModel {
  std::string folder;
  std::string passport;
};

// By the name of what is in it: safetensors, sharded, gguf, torch, no-weights, tuned. Made once a
// process. `tuned` was trained further from `safetensors`, whose passport its own contains.
const std::map<std::string, PassportedModel>& PassportedModels();
const Gate& HubGate();  // always the same

using Files = std::map<std::string, std::string>;  // contents by path
Files FilesIn(const std::string& folder);

// One file after the other in chunks of so many bytes (0: whole), sizes unknown.
Result<Verdict> Send(StreamingGate& gate, const Files& files, size_t chunk);

}  // namespace carnet::test
