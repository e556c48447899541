// Tensors in memory as digests: SHA-256 of the raw bytes of each, and the tensor root that a
// safetensors file of them has (docs/formats.md, S6). Weights on CUDA devices are digested in
// place, or through the host where that is expected to be faster. Link carnet::verify. Digests are
// lowercase hex. Safe from several threads.
#pragma once

#include <carnet/export.h>
#include <carnet/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace carnet {

enum class TensorPlace {
  kHost,
  kCudaDevice,
};

// Contiguous bytes, which nothing may write to until the call returns.
struct TensorMemory {
  uint64_t address;
  uint64_t bytes;
  TensorPlace place = TensorPlace::kHost;
  // Of the device: the CUstream after whose work so far the bytes are what they should be.
  uint64_t stream = 0;
};

enum class TensorWay {
  kOnHost,       // lay there
  kThroughHost,  // copied from the device piece by piece
  kOnDevice,     // in place
};

struct TensorDigest {
  std::string sha256;
  TensorWay way;
};

// One for each, in the order given; on `threads` threads, 0 for as many as the machine has.
// Requires that host addresses are readable; those of devices are checked. Errors: unsupported
// where tensors are on a device and this library was built without CUDA, or the machine has no
// driver or another kind of device; rejected (bytes that are not wholly in a device's memory); io
// (CUDA failed); malformed (too many).
CARNET_API Result<std::vector<TensorDigest>> DigestTensors(const std::vector<TensorMemory>& tensors,
                                                           unsigned threads = 0);

struct NamedTensor {
  std::string name;
  std::string dtype;            // as safetensors spells it
  std::vector<uint64_t> shape;  // outermost dimension first; empty for a scalar
  std::string sha256;           // of its bytes, lowercase hex
};

// RFC 6962 root over one leaf per tensor, whatever their order. Errors: malformed (a name twice or
// with characters that S4 refuses, a dtype of other characters, a digest that is none, a product of
// a shape over 64 bits).
CARNET_API Result<std::string> TensorRootOf(const std::vector<NamedTensor>& tensors);

}  // namespace carnet
