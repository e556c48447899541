// The state dictionary in the pickle of a PyTorch file: its tensors, and the storages that hold
// their bytes. Values only. Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/pickle.h"
#include "core/result.h"

namespace carnet::artifact {

struct TorchStorage {
  std::string_view key;  // borrowed from the pickle's input, as are the dtypes below
  uint64_t elements;     // as the pickle states it
  uint32_t element_bytes;
};

struct TorchTensor {
  std::string name;
  std::string_view dtype;  // as safetensors spells it
  uint32_t element_bytes;
  std::vector<uint64_t> shape;
  uint64_t elements;
  size_t storage;         // index
  uint64_t offset_bytes;  // in the storage, of the first element
};

struct TorchState {
  std::vector<TorchStorage> storages;  // all that the pickle names, by key, each once
  std::vector<TorchTensor> tensors;
  std::string part;  // the key of the state dictionary; empty where the file is one
};

// Which tensors are the model: the largest, by bytes, of the dictionaries under `state_dict`,
// `model_state_dict`, `model` and `module`, and of the tensors that the file's own dictionary has
// directly; where all of these are empty, every tensor that text keys lead to. Nested keys are
// joined by dots. A checkpoint's optimiser state is thereby not counted.
// Each tensor must be dense: its elements fill a range of its storage, in any order of dimensions.
// Errors: malformed; unsupported: a tensor that is not dense, or no state dictionary; not_found: no
// tensor at all.
Result<TorchState> ReadTorchState(const Pickle& pickle);

}  // namespace carnet::artifact
