#include <carnet/tensors.h>

#include <algorithm>
#include <bit>
#include <thread>

#include "artifact/tensor_root.h"
#include "core/hex.h"
#include "core/share_work.h"
#include "core/utf8.h"
#include "crypto/sha256.h"
#include "gpu/device_digests.h"

namespace carnet {
namespace {

TensorWay WayOf(gpu::DigestWay way) {
  switch (way) {
    case gpu::DigestWay::kOnDevice:
      return TensorWay::kOnDevice;
    case gpu::DigestWay::kThroughHost:
      return TensorWay::kThroughHost;
  }
  return TensorWay::kThroughHost;
}

// The longest first, so that no thread begins it when the others have ended.
std::vector<size_t> LongestFirst(const std::vector<TensorMemory>& tensors, TensorPlace place) {
  std::vector<size_t> indices;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].place == place) indices.push_back(i);
  }
  std::stable_sort(indices.begin(), indices.end(),
                   [&](size_t a, size_t b) { return tensors[a].bytes > tensors[b].bytes; });
  return indices;
}

void DigestOnHost(const std::vector<TensorMemory>& tensors, unsigned threads,
                  std::vector<TensorDigest>& digests) {
  const std::vector<size_t> indices = LongestFirst(tensors, TensorPlace::kHost);
  ShareWork(indices.size(), threads, [&](size_t i) {
    const TensorMemory& tensor = tensors[indices[i]];
    const ByteSpan bytes(std::bit_cast<const uint8_t*>(tensor.address), tensor.bytes);
    digests[indices[i]] = {HexEncode(crypto::Sha256Of(bytes).span()), TensorWay::kOnHost};
  });
}

Result<> DigestOnDevices(const std::vector<TensorMemory>& tensors, unsigned threads,
                         std::vector<TensorDigest>& digests) {
  const std::vector<size_t> indices = LongestFirst(tensors, TensorPlace::kCudaDevice);
  if (indices.empty()) return Ok();
  CARNET_TRY(const gpu::DevicePlatform platform, gpu::LoadedPlatform(threads));
  std::vector<gpu::DeviceTensor> given;
  given.reserve(indices.size());
  for (const size_t index : indices) {
    given.push_back({tensors[index].address, tensors[index].bytes, tensors[index].stream});
  }
  CARNET_TRY(const std::vector<gpu::DeviceDigest> of_device,
             gpu::DigestDeviceTensors(given, platform));
  for (size_t i = 0; i < indices.size(); ++i) {
    digests[indices[i]] = {HexEncode(of_device[i].sha256.span()), WayOf(of_device[i].way)};
  }
  return Ok();
}

Result<artifact::TensorSummary> SummaryOf(const NamedTensor& tensor) {
  const auto in = [&](const char* what) {
    return Malformed("tensor \"" + Printable(tensor.name) + "\": " + what);
  };
  const auto is_of_dtype = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (tensor.dtype.empty() || !std::all_of(tensor.dtype.begin(), tensor.dtype.end(), is_of_dtype)) {
    return in("dtype is none of safetensors");
  }
  const auto digest = HexDecodeTo<Sha256Digest>(tensor.sha256);
  if (!digest) return in("sha256 is no digest in lowercase hex");
  uint64_t elements = 1;
  for (const uint64_t dimension : tensor.shape) {
    if (__builtin_mul_overflow(elements, dimension, &elements)) {
      return in("shape: product overflows 64 bits");
    }
  }
  return artifact::TensorSummary{tensor.name, tensor.dtype, tensor.shape, elements, false, *digest};
}

}  // namespace

Result<std::vector<TensorDigest>> DigestTensors(const std::vector<TensorMemory>& tensors,
                                                unsigned threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<TensorDigest> digests(tensors.size());
  CARNET_TRY_VOID(DigestOnDevices(tensors, threads, digests));
  DigestOnHost(tensors, threads, digests);
  return digests;
}

Result<std::string> TensorRootOf(const std::vector<NamedTensor>& tensors) {
  std::vector<artifact::TensorSummary> summaries;
  for (const NamedTensor& tensor : tensors) {
    CARNET_TRY(artifact::TensorSummary summary, SummaryOf(tensor));
    summaries.push_back(std::move(summary));
  }
  CARNET_TRY(const artifact::WeightSet set, artifact::MakeWeightSet({}, std::move(summaries)));
  return HexEncode(set.root.span());
}

}  // namespace carnet
