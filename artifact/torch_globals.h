// The names that the pickle of a PyTorch file may have, all of them harmless: what a tensor, its
// storage and its type are called. Data: any other name makes the pickle executable.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "artifact/pickle.h"

namespace carnet::artifact {

enum class TorchRole : uint8_t {
  kOther,             // harmless, and of no interest
  kRebuildTensor,     // torch._utils._rebuild_tensor, _v2: (storage, offset, size, stride, …)
  kRebuildTensorV3,   // the same over bytes, with the dtype after the hooks
  kRebuildParameter,  // (tensor, requires_grad, hooks)
  kSize,              // torch.Size((…))
  kStorage,           // a storage type, of one dtype
  kUntypedStorage,    // of bytes
  kDtype,
};

struct TorchGlobal {
  TorchRole role;
  std::string_view dtype;  // as safetensors spells it, of a kStorage or kDtype
  uint32_t element_bytes;  // of that dtype
};

// Both in the same order.
std::span<const PickleGlobal> TorchGlobalNames();
const TorchGlobal& TorchGlobalAt(uint32_t index);

}  // namespace carnet::artifact
